import { connectMysql } from '../../../db/mysql/connect-mysql.ts';
import { createDatabase } from '../../../db/mysql/database.ts';
import { purgeRefusals } from '../../../db/orders/purge-refusals.ts';
import { createCommand } from '../../command/create-command.ts';
import { readCount } from '../../command/read-count.ts';
import { showProgress } from '../../command/show-progress.ts';
import { UsageError } from '../../command/usage-error.ts';
import { writeJson } from '../../command/write-json.ts';
import { findSystem } from '../../local/system/find-system.ts';
import { readConfig } from './config.ts';

const usage = `Usage: flash-sale purge [options]

Deletes refused orders (sold out, duplicate) and published order events older than KEEP_REFUSALS_FOR days (default 30), and the
answers kept for idempotency keys after a day.
Works in small batches and may run during a sale. Ctrl-C stops it between two batches; run it again for the rest.
Uses MYSQL_PURGE_URL or MYSQL_URL, or the database of npm start. Exit code 1: failed; 2: wrong input.

  --keep-days N   overrides KEEP_REFUSALS_FOR; at least the log's retention and one day
  --batch N       rows in a batch (default 1000, at most 10000)
  --json FILE     also write the result to FILE; - is standard output: {keepDays, orders, events, requests, seconds, stopped}
  --help          print this

Examples:
  npx flash-sale purge --keep-days 60
  npx flash-sale purge --json -`;

const STATEMENT_MS = 30_000;

export const purgeCommand = createCommand({
  usage,
  options: {
    'keep-days': { type: 'string' },
    batch: { type: 'string', default: '1000' },
    json: { type: 'string' },
  },
  async run(values) {
    const batch = readCount('--batch', values.batch, 10_000);
    const { MYSQL_URL, MYSQL_PURGE_URL, KEEP_REFUSALS_FOR: keepDays } = readConfig(values['keep-days']);
    const system = findSystem();
    const mysqlUrl = MYSQL_PURGE_URL || MYSQL_URL || system?.mysqlPurgeUrl || system?.mysqlUrl;
    if (!mysqlUrl) throw new UsageError('no system is running: run npm start, or set MYSQL_URL');
    writeJson(values.json, await purge({ mysqlUrl, keepDays, batch }));
    return 0;
  },
});

type PurgeTask = { mysqlUrl: string; keepDays: number; batch: number };

async function purge({ mysqlUrl, keepDays, batch }: PurgeTask) {
  let stopped = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      stopped = true;
    });
  }
  const mysql = connectMysql({ url: mysqlUrl, maxConnections: 1, acquireDeadlineMs: 5000 });
  const startedMs = performance.now();
  try {
    const purged = await purgeRefusals(createDatabase({ mysql, statementMs: STATEMENT_MS }), {
      keepDays,
      batch,
      onProgress: ({ orders, events }) => showProgress(`${orders} orders, ${events} events deleted`),
      shouldStop: () => stopped,
    });
    const seconds = Math.round(performance.now() - startedMs) / 1000;
    showProgress();
    console.log(
      `${purged.orders} refused orders and ${purged.events} published events older than ${keepDays} days, and ${purged.requests} kept answers deleted in ${seconds} s`,
    );
    if (stopped) console.log('stopped before the end: run the command again for the rest');
    return { keepDays, ...purged, seconds, stopped };
  } finally {
    await mysql.destroy();
  }
}
