import path from 'node:path';
import { createCommand } from '../../command/create-command.ts';
import { readCount } from '../../command/read-count.ts';
import { UsageError } from '../../command/usage-error.ts';
import { writeJson } from '../../command/write-json.ts';
import { findKafkaAddress, readConfig } from '../../local/config.ts';
import { root } from '../../local/set-up/set-up.mjs';
import { findSystem } from '../../local/system/find-system.ts';
import { readOrMakeSecrets } from '../../local/system/plan-system.ts';
import { auditSystem, type SystemAddresses } from './audit-system.ts';
import { describeAudit } from './describe-audit.ts';

const usage = `Usage: flash-sale audit [options]

Checks the rows of each stock against the rules of a sale, and against the decisions that a replay of the log gives.
Uses the system of npm start, or MYSQL_URL, KAFKA_BROKERS, TOPIC_PREFIX and ORDER_RECORD_KEY. Only reads; may run during a sale.
Set UNSIGNED_RECORDS=accept to accept records of releases that did not sign them. Exit code 1: a check failed, or the audit could not run; 2: wrong input.

  --stock ID     audit this stock only
  --json FILE    also write the result to FILE; - is standard output
  --help         print this

Examples:
  npx flash-sale audit
  npx flash-sale audit --stock 1001 --json -`;

function findAddresses(): SystemAddresses {
  const config = readConfig();
  const { MYSQL_URL, KAFKA_BROKERS, TOPIC_PREFIX, UNSIGNED_RECORDS } = config;
  const system = findSystem();
  const mysqlUrl = system?.mysqlUrl || MYSQL_URL;
  const kafkaBrokers = system?.kafkaBrokers || KAFKA_BROKERS;
  if (!mysqlUrl || !kafkaBrokers)
    throw new UsageError('no system is running: run npm start, or set MYSQL_URL and KAFKA_BROKERS');
  // A container has the key in its environment and no secrets folder.
  const orderRecordKey =
    config.ORDER_RECORD_KEY || readOrMakeSecrets(path.join(root, '.local'), config).ORDER_RECORD_KEY;
  return {
    mysqlUrl,
    ...findKafkaAddress(config, kafkaBrokers),
    topicPrefix: TOPIC_PREFIX,
    orderRecordKey,
    acceptsUnsigned: UNSIGNED_RECORDS === 'accept',
  };
}

export const auditCommand = createCommand({
  usage,
  options: { stock: { type: 'string' }, json: { type: 'string' } },
  async run({ stock, json }) {
    const sid = stock === undefined ? undefined : readCount('--stock', stock, Number.MAX_SAFE_INTEGER);
    const audit = await auditSystem(findAddresses(), sid);
    for (const line of describeAudit(audit)) console.log(line);
    writeJson(json, audit);
    return audit.ok ? 0 : 1;
  },
});
