import { readConfig } from '../../local/config.ts';
import { planFreePorts } from '../../local/ports/plan-free-ports.ts';
import type { Supervisor } from '../../local/supervisor/start-supervisor.ts';
import { readOrMakeSecrets } from '../../local/system/plan-system.ts';
import { startSystem } from '../../local/system/start-system.ts';
import { auditSystem } from '../../ops/audit/audit-system.ts';
import { readConfig as readTokenConfig } from '../../verify/sale/config.ts';
import type { FairnessTarget } from './run-fairness.ts';

export type FairnessSystem = {
  target: FairnessTarget;
  /** Audits all orders so far. */
  audit(): Promise<{ ok: boolean; stocks: number; checks: number; broken: string[] }>;
};

/** A system on free ports, with its files in `dir`. */
export async function startFairnessSystem(
  dir: string,
  onOpen: (supervisor: Supervisor) => void,
  print: (line: string) => void,
): Promise<FairnessSystem> {
  const env = { ...process.env, ...(await planFreePorts()) };
  const system = await startSystem({ dir, env, processes: 1, print, onOpen });
  const config = readConfig(env);
  const { JWT_SECRET: secret, ORDER_RECORD_KEY: orderRecordKey } = readOrMakeSecrets(dir, config);
  const { JWT_ISSUER: issuer, JWT_AUDIENCE: audience } = readTokenConfig();
  return {
    target: { url: system.url, jwt: { secret, issuer, audience } },
    async audit() {
      const { ok, stocks, log } = await auditSystem({ ...system, topicPrefix: config.TOPIC_PREFIX, orderRecordKey });
      const checks = [...log.checks, ...stocks.flatMap((stock) => stock.checks)];
      const broken = checks.filter((check) => !check.ok).map(({ name, detail }) => `${name}: ${detail}`);
      return { ok, stocks: stocks.length, checks: checks.length, broken };
    },
  };
}
