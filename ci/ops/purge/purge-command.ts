import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { connectMysql } from '../../../db/mysql/connect-mysql.ts';
import { type Purged, purgeRefusals } from '../../../db/orders/purge-refusals.ts';
import { readCount } from '../../command/read-count.ts';
import { findSystem } from '../../local/system/find-system.ts';
import { readConfig } from './config.ts';

const usage = `Usage: npm run purge -- [options]

Deletes what nobody needs any more: orders that were refused (sold out, duplicate) and published order events, older than
KEEP_REFUSALS_FOR days (default 30). In small batches, beside a running sale; may be stopped with Ctrl-C and run again.
Acts on MYSQL_PURGE_URL or MYSQL_URL, or on the database that npm start runs. Exit code 1: it failed; 2: it was not understood.

  --keep-days N   in place of KEEP_REFUSALS_FOR; never less than the log keeps its records and one day
  --batch N       rows deleted at once (default 1000, at most 10000)
  --json FILE     also write the result to FILE: {keepDays, orders, events, seconds, stopped}
  --help          print this`;

const STATEMENT_MS = 30_000;
let stopped = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    stopped = true;
  });
}

type Command = { mysqlUrl: string; keepDays: number; batch: number; json: string | undefined };

/** Undefined: only the usage was asked for. */
function parseCommand(): Command | undefined {
  const { values } = parseArgs({
    options: {
      'keep-days': { type: 'string' },
      batch: { type: 'string', default: '1000' },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const batch = readCount('--batch', values.batch, 10_000);
  const { MYSQL_URL, MYSQL_PURGE_URL, KEEP_REFUSALS_FOR } = readConfig(values['keep-days']);
  const system = findSystem();
  const mysqlUrl = MYSQL_PURGE_URL || MYSQL_URL || system?.mysqlPurgeUrl || system?.mysqlUrl;
  if (!mysqlUrl) throw new Error('MYSQL_URL is not set, and npm start does not run here');
  return { mysqlUrl, keepDays: KEEP_REFUSALS_FOR, batch, json: values.json };
}

async function main({ mysqlUrl, keepDays, batch, json }: Command): Promise<void> {
  const mysql = connectMysql({ url: mysqlUrl, maxConnections: 1, acquireDeadlineMs: 5000 });
  const startedMs = performance.now();
  const onProgress = ({ orders, events }: Purged) => {
    if (process.stdout.isTTY) process.stdout.write(`\r${orders} orders, ${events} events deleted`);
  };
  try {
    const options = { keepDays, statementMs: STATEMENT_MS, batch, onProgress, shouldStop: () => stopped };
    const purged = await purgeRefusals(mysql, options);
    const seconds = Math.round(performance.now() - startedMs) / 1000;
    if (process.stdout.isTTY) process.stdout.write('\r');
    console.log(
      `${purged.orders} refused orders and ${purged.events} published events older than ${keepDays} days deleted in ${seconds} s`,
    );
    if (stopped) console.log('stopped before the end: run it again for the rest');
    if (json !== undefined)
      writeFileSync(json, `${JSON.stringify({ keepDays, ...purged, seconds, stopped }, null, 2)}\n`);
  } finally {
    await mysql.destroy();
  }
}

let command: Command | undefined;
try {
  command = parseCommand();
  if (!command) console.log(usage);
} catch (error) {
  console.error(`${(error as Error).message}\n\n${usage}`);
  process.exitCode = 2;
}
if (command) {
  try {
    await main(command);
  } catch (error) {
    console.error(`purge: ${(error as Error).message || (error as { code?: string }).code}`);
    process.exitCode = 1;
  }
}
