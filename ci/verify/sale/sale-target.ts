import path from 'node:path';
import { UsageError } from '../../command/usage-error.ts';
import { findKafkaAddress, readConfig } from '../../local/config.ts';
import { root } from '../../local/set-up/set-up.mjs';
import { readRunFile } from '../../local/supervisor/run-file.ts';
import { type FoundSystem, findSystem } from '../../local/system/find-system.ts';
import { readOrMakeSecrets } from '../../local/system/plan-system.ts';
import { readConfig as readTokenConfig } from './config.ts';
import type { SaleTarget } from './run-sale.ts';

/** The system at `url`, or the running system of npm start. Throws a UsageError. */
export function findSaleTarget(url: string | undefined): SaleTarget {
  if (url !== undefined) {
    if (!/^https?:/.test(url) || !URL.canParse(url)) throw new UsageError(`--url takes an http address, not '${url}'`);
    return { url: new URL(url).origin };
  }
  const system = findSystem();
  if (!system) throw new UsageError('no system is running: run npm start in another terminal, or give --url');
  return localSaleTarget(system);
}

/** The system of npm start, with its secret for tokens. */
export function localSaleTarget({
  url,
  mysqlUrl,
  kafkaBrokers,
}: Pick<FoundSystem, 'url' | 'mysqlUrl' | 'kafkaBrokers'>): SaleTarget {
  const config = readConfig();
  const { JWT_SECRET: secret, ORDER_RECORD_KEY: orderRecordKey } = readOrMakeSecrets(path.join(root, '.local'), config);
  const { JWT_ISSUER: issuer, JWT_AUDIENCE: audience } = readTokenConfig();
  return {
    url,
    jwt: secret ? { secret, issuer, audience } : undefined,
    local: { mysqlUrl, ...findKafkaAddress(config, kafkaBrokers), topicPrefix: config.TOPIC_PREFIX, orderRecordKey },
    pids: () => new Map(readRunFile(path.join(root, '.local'))?.processes.map(({ name, pid }) => [name, pid])),
  };
}
