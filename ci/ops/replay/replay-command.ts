import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { connectMysql } from '../../../db/mysql/connect-mysql.ts';
import type { KafkaTarget } from '../../../proto/kafka/kafka.ts';
import { ORDER_RETENTION_DAYS, topicNames } from '../../../proto/kafka/topics.ts';
import { createLogger } from '../../../proto/process/create-logger.ts';
import { readTime } from '../../../proto/settings/read-time.ts';
import { readConfig } from '../../local/config.ts';
import { root } from '../../local/set-up/set-up.mjs';
import { findSystem } from '../../local/system/find-system.ts';
import { haltWorkers } from './halt-workers.ts';
import { replayDeadLetters } from './replay-dead-letters.ts';
import { replaySince } from './replay-since.ts';
import { restStocks, type StocksAtRest } from './rest-stocks.ts';
import { waitForWorkers } from './wait-for-workers.ts';

const MYSQL_WITHIN_MS = 10_000;

const usage = `Usage: npm run replay -- --halt | --since TIME | --wait | --dead-letters  [options]

Lets the order-workers decide records of the log once more. What the database knows keeps its decision. docs/replay.md says when.
Uses the system that npm start runs, or MYSQL_URL, KAFKA_BROKERS and TOPIC_PREFIX. Exit code 1: it failed; 2: it was not understood.

  --halt             stops the order-workers of npm start, before its database is restored; --since starts them again
  --since TIME       after the database was restored: sets the workers back to the first record since TIME, such as
                     2026-11-28T12:00:00Z. Those of npm start are stopped for it and started again, others must be stopped before
  --dead-letters     puts the records of orders-dead on the log again, each on its partition, after their cause was mended
  --reason TEXT      with --dead-letters: only those whose reason contains TEXT
  --dry-run          with --dead-letters: only says what would be replayed
  --wait             waits until the workers have decided what is on the log now, settles kept payments, and ends the stocks' rest
  --json FILE        also write the result to FILE
  --help             print this`;

type Command =
  | { kind: 'halt' }
  | { kind: 'since'; sinceMs: number }
  | { kind: 'dead-letters'; reason: string; isDry: boolean }
  | { kind: 'wait' };

/** Undefined: only the usage was asked for. */
function parseCommand(): { command: Command; json: string | undefined } | undefined {
  const { values } = parseArgs({
    options: {
      halt: { type: 'boolean', default: false },
      since: { type: 'string' },
      'dead-letters': { type: 'boolean', default: false },
      wait: { type: 'boolean', default: false },
      reason: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const { halt, since, wait, reason, json } = values;
  const isOfLetters = values['dead-letters'];
  if ([halt, since !== undefined, isOfLetters, wait].filter(Boolean).length !== 1) {
    throw new Error('one of --halt, --since TIME, --dead-letters and --wait');
  }
  if (!isOfLetters && (reason !== undefined || values['dry-run'])) {
    throw new Error('--reason and --dry-run go with --dead-letters');
  }
  if (halt) return { json, command: { kind: 'halt' } };
  if (isOfLetters) return { json, command: { kind: 'dead-letters', reason: reason ?? '', isDry: values['dry-run'] } };
  return { json, command: since === undefined ? { kind: 'wait' } : { kind: 'since', sinceMs: readSince(since) } };
}

function readSince(text: string): number {
  const sinceMs = readTime(text);
  if (sinceMs === null) throw new Error(`--since takes a time such as 2026-11-28T12:00:00Z, not '${text}'`);
  if (sinceMs > Date.now()) throw new Error(`${text} has not been yet`);
  if (sinceMs < Date.now() - ORDER_RETENTION_DAYS * 86_400_000) {
    throw new Error(`${text} is longer ago than the log keeps records, ${ORDER_RETENTION_DAYS} days`);
  }
  return sinceMs;
}

async function run(command: Command): Promise<object> {
  const { KAFKA_BROKERS, TOPIC_PREFIX } = readConfig();
  const system = findSystem();
  const brokers = KAFKA_BROKERS || system?.kafkaBrokers;
  if (!brokers) throw new Error('Nothing runs: npm start, or give KAFKA_BROKERS');
  const logger = createLogger('replay', 'silent');
  const target: KafkaTarget = { brokers: brokers.split(','), clientId: 'replay', logger };
  const names = topicNames(TOPIC_PREFIX);
  // With external brokers the workers are not known to be ours.
  const dir = system && brokers === system.kafkaBrokers ? path.join(root, '.local') : undefined;
  switch (command.kind) {
    case 'dead-letters': {
      const letters = await replayDeadLetters({ target, names, ...command });
      for (const [reason, count] of Object.entries(letters.reasons)) console.log(`· ${count} × ${reason}`);
      const { replayed, found, read, copies, withoutBytes } = letters;
      console.log(
        `${replayed} of ${found} records ${command.isDry ? 'would be' : 'were'} put on the log again ` +
          `(${copies} copies, ${withoutBytes} kept without their bytes; ${read} dead letters in all)`,
      );
      return letters;
    }
    case 'halt':
      if (dir === undefined) throw new Error('these are not the workers of npm start: stop them where they run');
      return { halted: await haltWorkers(dir, console.log) };
    case 'since': {
      const { sinceMs } = command;
      const moved = await withStocks(system, (stocks) =>
        replaySince({ target, names, sinceMs, dir, stocks, print: console.log }),
      );
      const partitions = moved.map((one) => ({
        ...one,
        from: Number(one.from),
        to: Number(one.to),
        end: Number(one.end),
      }));
      if (dir === undefined) {
        console.log('Start the order-workers now, and npm run replay -- --wait');
        return { partitions };
      }
      const records = await wait(target, names);
      await withStocks(system, (stocks) => stocks.end());
      return { partitions, records };
    }
    case 'wait': {
      const records = await wait(target, names);
      await withStocks(system, (stocks) => stocks.end());
      return { records };
    }
    default:
      return command satisfies never;
  }
}

async function withStocks<T>(
  system: ReturnType<typeof findSystem>,
  work: (stocks: StocksAtRest) => Promise<T>,
): Promise<T> {
  const url = readConfig().MYSQL_URL || system?.mysqlUrl;
  if (!url) throw new Error('give MYSQL_URL: expiry and cancellation rest while the log is replayed');
  const mysql = connectMysql({ url, maxConnections: 1, acquireDeadlineMs: MYSQL_WITHIN_MS });
  try {
    return await work(restStocks(mysql, console.log));
  } finally {
    await mysql.destroy();
  }
}

async function wait(target: KafkaTarget, names: ReturnType<typeof topicNames>): Promise<number> {
  const records = await waitForWorkers(target, names.orders, names.workerGroup, (left) => {
    if (process.stdout.isTTY) process.stdout.write(`\r${left} records left   `);
  });
  if (process.stdout.isTTY) process.stdout.write('\r');
  console.log(`${records} records decided: the workers are at the end of the log`);
  return records;
}

try {
  const parsed = parseCommand();
  if (!parsed) console.log(usage);
  else {
    try {
      const result = await run(parsed.command);
      if (parsed.json !== undefined) writeFileSync(parsed.json, `${JSON.stringify(result, null, 2)}\n`);
    } catch (error) {
      console.error(`✗ ${(error as Error).message}`);
      process.exitCode = 1;
    }
  }
} catch (error) {
  console.error(`${(error as Error).message}\n\n${usage}`);
  process.exitCode = 2;
}
