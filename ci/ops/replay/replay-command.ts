import path from 'node:path';
import { connectMysql } from '../../../db/mysql/connect-mysql.ts';
import { createKafkaTarget } from '../../../proto/kafka/kafka.ts';
import { ORDER_RETENTION_DAYS, topicNames } from '../../../proto/kafka/topics.ts';
import { createLogger } from '../../../proto/process/create-logger.ts';
import { readTime } from '../../../proto/settings/read-time.ts';
import { createCommand } from '../../command/create-command.ts';
import { showProgress } from '../../command/show-progress.ts';
import { UsageError } from '../../command/usage-error.ts';
import { writeJson } from '../../command/write-json.ts';
import { findKafkaAddress, readConfig } from '../../local/config.ts';
import { root } from '../../local/set-up/set-up.mjs';
import { findSystem } from '../../local/system/find-system.ts';
import { haltWorkers } from './halt-workers.ts';
import { replayDeadLetters } from './replay-dead-letters.ts';
import { replaySince } from './replay-since.ts';
import { restStocks, type StocksAtRest } from './rest-stocks.ts';
import { waitForWorkers } from './wait-for-workers.ts';

const MYSQL_WITHIN_MS = 10_000;

const usage = `Usage: flash-sale replay --halt | --since TIME | --wait | --dead-letters  [options]

Makes the order-workers decide records of the log again. Orders in the database keep their decision. See docs/replay.md.
Uses the system of npm start, or MYSQL_URL, KAFKA_BROKERS and TOPIC_PREFIX. Exit code 1: failed; 2: wrong input.

  --halt             before a restore of the database of npm start: stop its order-workers; --since starts them again
  --since TIME       after a restore: move the workers back to the first record since TIME, such as 2026-11-28T12:00:00Z.
                     Stops and starts the workers of npm start; stop other workers before
  --dead-letters     append the records of orders-dead to the log again, each to its partition; fix their cause before
  --reason TEXT      with --dead-letters: only records whose reason contains TEXT
  --dry-run          with --dead-letters: only print what would be replayed
  --wait             wait until the workers have decided the records on the log, settle kept payments, resume the stocks
  --json FILE        also write the result to FILE; - is standard output
  --help             print this

Examples:
  npx flash-sale replay --since 2026-11-28T12:00:00Z
  npx flash-sale replay --dead-letters --dry-run --json -`;

function readSince(text: string): number {
  const sinceMs = readTime(text);
  if (sinceMs === null) throw new UsageError(`--since takes a time such as 2026-11-28T12:00:00Z, not '${text}'`);
  if (sinceMs > Date.now()) throw new UsageError(`--since ${text} is in the future`);
  if (sinceMs < Date.now() - ORDER_RETENTION_DAYS * 86_400_000) {
    throw new UsageError(`--since ${text} is before the oldest record: the log keeps ${ORDER_RETENTION_DAYS} days`);
  }
  return sinceMs;
}

function findTarget() {
  const config = readConfig();
  const { KAFKA_BROKERS, TOPIC_PREFIX, MYSQL_URL } = config;
  const system = findSystem();
  const brokers = KAFKA_BROKERS || system?.kafkaBrokers;
  if (!brokers) throw new UsageError('no system is running: run npm start, or set KAFKA_BROKERS');
  const logger = createLogger('replay', 'silent');
  const kafka = createKafkaTarget(findKafkaAddress(config, brokers), 'replay', logger);
  // The workers of external brokers may run elsewhere.
  const dir = system && brokers === system.kafkaBrokers ? path.join(root, '.local') : undefined;
  return { kafka, names: topicNames(TOPIC_PREFIX), mysqlUrl: MYSQL_URL || system?.mysqlUrl, dir };
}

type Target = ReturnType<typeof findTarget>;

async function haltLocal({ dir }: Target) {
  if (dir === undefined) throw new Error('npm start does not run these order-workers: stop them where they run');
  return { halted: await haltWorkers(dir, console.log) };
}

async function putDeadLettersBack({ kafka, names }: Target, reason: string, isDry: boolean) {
  const letters = await replayDeadLetters({ target: kafka, names, reason, isDry });
  for (const [text, count] of Object.entries(letters.reasons)) console.log(`· ${count} × ${text}`);
  const { replayed, found, read, copies, withoutBytes } = letters;
  console.log(
    `${replayed} of ${found} records ${isDry ? 'would be' : 'were'} put on the log again ` +
      `(${copies} copies, ${withoutBytes} kept without their bytes; ${read} dead letters in all)`,
  );
  return letters;
}

async function replayFrom(target: Target, sinceMs: number) {
  const { kafka, names, dir } = target;
  const moved = await withStocks(target, (stocks) =>
    replaySince({ target: kafka, names, sinceMs, dir, stocks, print: console.log }),
  );
  const partitions = moved.map((offsets) => {
    const { from, to, end } = offsets;
    return { ...offsets, from: Number(from), to: Number(to), end: Number(end) };
  });
  if (dir !== undefined) return { partitions, records: await waitAndSettle(target) };
  console.log('Start the order-workers now, then run npm run replay -- --wait');
  return { partitions };
}

async function waitAndSettle(target: Target): Promise<number> {
  const { kafka, names } = target;
  const records = await waitForWorkers(kafka, names.orders, names.workerGroup, (left) =>
    showProgress(`${left} records left`),
  );
  showProgress();
  console.log(`${records} records decided: the workers are at the end of the log`);
  await withStocks(target, (stocks) => stocks.end());
  return records;
}

async function withStocks<T>({ mysqlUrl }: Target, work: (stocks: StocksAtRest) => Promise<T>): Promise<T> {
  if (!mysqlUrl) throw new UsageError('set MYSQL_URL: expiry and cancellation pause while the log is replayed');
  const mysql = connectMysql({ url: mysqlUrl, maxConnections: 1, acquireDeadlineMs: MYSQL_WITHIN_MS });
  try {
    return await work(restStocks(mysql, console.log));
  } finally {
    await mysql.destroy();
  }
}

export const replayCommand = createCommand({
  usage,
  options: {
    halt: { type: 'boolean', default: false },
    since: { type: 'string' },
    'dead-letters': { type: 'boolean', default: false },
    wait: { type: 'boolean', default: false },
    reason: { type: 'string' },
    'dry-run': { type: 'boolean', default: false },
    json: { type: 'string' },
  },
  async run(values) {
    const { halt, since, 'dead-letters': deadLetters, wait, reason, 'dry-run': isDry } = values;
    if ([halt, since !== undefined, deadLetters, wait].filter(Boolean).length !== 1) {
      throw new UsageError('give one of --halt, --since TIME, --dead-letters and --wait');
    }
    if (!deadLetters && (reason !== undefined || isDry)) {
      throw new UsageError('--reason and --dry-run go with --dead-letters');
    }
    const sinceMs = since === undefined ? 0 : readSince(since);
    const target = findTarget();
    let result: object;
    if (halt) result = await haltLocal(target);
    else if (deadLetters) result = await putDeadLettersBack(target, reason ?? '', isDry);
    else if (wait) result = { records: await waitAndSettle(target) };
    else result = await replayFrom(target, sinceMs);
    writeJson(values.json, result);
    return 0;
  },
});
