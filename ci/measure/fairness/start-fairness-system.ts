import { Type } from 'typebox';
import { admissionSettings } from '../../../consumer/settings/admission-settings.ts';
import { readSettings } from '../../../proto/settings/read-settings.ts';
import { readConfig } from '../../local/config.ts';
import { planFreePorts } from '../../local/ports/plan-free-ports.ts';
import type { Supervisor } from '../../local/supervisor/start-supervisor.ts';
import { readOrMakeSecrets } from '../../local/system/plan-system.ts';
import { type Detours, startSystem } from '../../local/system/start-system.ts';
import { auditSystem } from '../../ops/audit/audit-system.ts';
import { readConfig as readTokenConfig } from '../../verify/sale/config.ts';
import type { FairnessTarget } from './run-fairness.ts';

export type FairnessAudit = { ok: boolean; stocks: number; checks: number; broken: string[] };
export type FairnessSystem = {
  target: FairnessTarget;
  /** Audits all orders so far. */
  audit(): Promise<FairnessAudit>;
};

type Options = {
  dir: string;
  /** Whether orders need an admission. */
  admits: boolean;
  print: (line: string) => void;
  onOpen: (supervisor: Supervisor) => void;
};

/** Far below the default, so that the challenges of an hour are solved in seconds. */
const ADMISSION_WORK = 200;
const defaults = readSettings(Type.Object({ ADMISSION_WORK: admissionSettings.ADMISSION_WORK }), {});
const SCALE = defaults.ADMISSION_WORK / ADMISSION_WORK;

/** A system on free ports, with its files in `dir`. */
export async function startFairnessSystem({ dir, admits, print, onOpen }: Options): Promise<FairnessSystem> {
  const env = { ...process.env, ...(await planFreePorts()) };
  const more = admits ? { ADMISSION: 'proof', ADMISSION_WORK: String(ADMISSION_WORK) } : {};
  const detours: Detours = {
    consumer: (address) => address,
    environment: (app, direct) => (app.kind === 'consumer' ? { ...direct, ...more } : direct),
    kafka: [],
  };
  const system = await startSystem({ dir, env, processes: 1, print, onOpen, detours });
  const config = readConfig(env);
  const secrets = readOrMakeSecrets(dir, config);
  const { JWT_SECRET: secret, ORDER_RECORD_KEY: orderRecordKey, ADMISSION_KEY: key } = secrets;
  const { JWT_ISSUER: issuer, JWT_AUDIENCE: audience } = readTokenConfig();
  return {
    target: {
      url: system.url,
      jwt: { secret, issuer, audience },
      admission: admits ? { key, scale: SCALE } : undefined,
    },
    async audit() {
      const { ok, stocks, log } = await auditSystem({ ...system, topicPrefix: config.TOPIC_PREFIX, orderRecordKey });
      const checks = [...log.checks, ...stocks.flatMap((stock) => stock.checks)];
      const broken = checks.filter((check) => !check.ok).map(({ name, detail }) => `${name}: ${detail}`);
      return { ok, stocks: stocks.length, checks: checks.length, broken };
    },
  };
}
