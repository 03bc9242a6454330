import path from 'node:path';
import { readConfig } from '../../local/config.ts';
import { root } from '../../local/set-up/set-up.mjs';
import { readRunFile } from '../../local/supervisor/run-file.ts';
import type { FoundSystem } from '../../local/system/find-system.ts';
import { readOrMakeSecrets } from '../../local/system/plan-system.ts';
import { readConfig as readTokenConfig } from './config.ts';
import type { SaleTarget } from './run-sale.ts';

/** The system that npm start runs here, with its own secret for tokens. */
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
    local: { mysqlUrl, kafkaBrokers, topicPrefix: config.TOPIC_PREFIX, orderRecordKey },
    pids: () => new Map(readRunFile(path.join(root, '.local'))?.processes.map(({ name, pid }) => [name, pid])),
  };
}
