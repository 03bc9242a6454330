import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readCount } from '../../command/read-count.ts';
import { readConfig } from '../../local/config.ts';
import { root } from '../../local/set-up/set-up.mjs';
import { findSystem } from '../../local/system/find-system.ts';
import { readOrMakeSecrets } from '../../local/system/plan-system.ts';
import { auditSystem, type SystemAddresses } from './audit-system.ts';
import { describeAudit } from './describe-audit.ts';

const usage = `Usage: npm run audit -- [options]

Checks every promise of the order path on the rows of each stock, and decides the log once more to hold it against them.
Uses the system that npm start runs, or MYSQL_URL, KAFKA_BROKERS, TOPIC_PREFIX and ORDER_RECORD_KEY. It only reads, and may run during a
sale. UNSIGNED_RECORDS=accept also takes records of releases that did not sign. Exit code 1 where a promise is broken.

  --stock ID     this stock only
  --json FILE    also write the result to FILE
  --help         print this`;

function findAddresses(): SystemAddresses {
  const config = readConfig();
  const { MYSQL_URL, KAFKA_BROKERS, TOPIC_PREFIX, UNSIGNED_RECORDS } = config;
  const system = findSystem();
  const mysqlUrl = system?.mysqlUrl || MYSQL_URL;
  const kafkaBrokers = system?.kafkaBrokers || KAFKA_BROKERS;
  if (!mysqlUrl || !kafkaBrokers) throw new Error('Nothing runs: npm start, or give MYSQL_URL and KAFKA_BROKERS');
  // A container has the key and no folder to keep secrets in.
  const orderRecordKey =
    config.ORDER_RECORD_KEY || readOrMakeSecrets(path.join(root, '.local'), config).ORDER_RECORD_KEY;
  return {
    mysqlUrl,
    kafkaBrokers,
    topicPrefix: TOPIC_PREFIX,
    orderRecordKey,
    acceptsUnsigned: UNSIGNED_RECORDS === 'accept',
  };
}

try {
  const { values } = parseArgs({
    options: { stock: { type: 'string' }, json: { type: 'string' }, help: { type: 'boolean', default: false } },
  });
  if (values.help) {
    console.log(usage);
  } else {
    const { stock, json } = values;
    const sid = stock === undefined ? undefined : readCount('--stock', stock, Number.MAX_SAFE_INTEGER);
    const audit = await auditSystem(findAddresses(), sid);
    for (const line of describeAudit(audit)) console.log(line);
    if (json !== undefined) writeFileSync(json, `${JSON.stringify(audit, null, 2)}\n`);
    process.exitCode = audit.ok ? 0 : 1;
  }
} catch (error) {
  const mistyped = (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
  console.error(mistyped ? `${(error as Error).message}\n\n${usage}` : `✗ ${(error as Error).message}`);
  process.exitCode = 2;
}
