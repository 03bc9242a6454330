import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { connectMysql } from '../db/connect-mysql.ts';
import { beginRest, endRest } from '../db/rest-returns.ts';
import { useSession } from '../db/use-session.ts';
import { createLogger } from '../proto/create-logger.ts';
import type { KafkaTarget } from '../proto/kafka.ts';
import { readTime } from '../proto/read-time.ts';
import { ORDER_RETENTION_DAYS, topicNames } from '../proto/topics.ts';
import { readConfig } from './config.ts';
import { replayDeadLetters } from './replay/replay-dead-letters.ts';
import { replaySince } from './replay/replay-since.ts';
import { waitForWorkers } from './replay/wait-for-workers.ts';
import { root } from './set-up/set-up.mjs';
import { findSystem } from './system/find-system.ts';

const MYSQL_WITHIN_MS = 10_000;

const usage = `Usage: npm run replay -- --since TIME | --dead-letters | --wait  [options]

Lets the order-workers decide records of the log once more. What the database knows keeps its decision. docs/replay.md says when.
Uses the system that npm start runs, or MYSQL_URL, KAFKA_BROKERS and TOPIC_PREFIX. Exit code 1: it failed; 2: it was not understood.

  --since TIME       after the database was restored: sets the workers back to the first record since TIME, such as
                     2026-11-28T12:00:00Z. Those of npm start are stopped for it and started again, others must be stopped before
  --dead-letters     puts the records of orders-dead on the log again, each on its partition, after their cause was mended
  --reason TEXT      with --dead-letters: only those whose reason contains TEXT
  --dry-run          with --dead-letters: only says what would be replayed
  --wait             waits until the workers have decided what is on the log now
  --json FILE        also write the result to FILE
  --help             print this`;

type Command =
  | { kind: 'since'; sinceMs: number }
  | { kind: 'dead-letters'; reason: string; isDry: boolean }
  | { kind: 'wait' };

/** Undefined: only the usage was asked for. */
function parseCommand(): { command: Command; json: string | undefined } | undefined {
  const { values } = parseArgs({
    options: {
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
  const { since, wait, reason, json } = values;
  const isOfLetters = values['dead-letters'];
  if ([since !== undefined, isOfLetters, wait].filter(Boolean).length !== 1) {
    throw new Error('one of --since TIME, --dead-letters and --wait');
  }
  if (!isOfLetters && (reason !== undefined || values['dry-run'])) {
    throw new Error('--reason and --dry-run go with --dead-letters');
  }
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
  // With brokers of somebody else's the workers are not known to be ours.
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
    case 'since': {
      await rest(system, beginRest, 'stocks: no unit is returned, and no pause counts, until the replay ends');
      const moved = await replaySince({ target, names, sinceMs: command.sinceMs, dir, print: console.log });
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
      await rest(system, endRest, 'stocks return units again');
      return { partitions, records };
    }
    case 'wait': {
      const records = await wait(target, names);
      await rest(system, endRest, 'stocks return units again');
      return { records };
    }
    default:
      return command satisfies never;
  }
}

/** Begins or ends the rest of expiry and cancellation (db/rest-returns.ts). */
async function rest(system: ReturnType<typeof findSystem>, change: typeof beginRest, what: string): Promise<void> {
  const url = readConfig().MYSQL_URL || system?.mysqlUrl;
  if (!url) throw new Error('give MYSQL_URL: expiry and cancellation rest while the log is replayed');
  const mysql = connectMysql({ url, maxConnections: 1, acquireDeadlineMs: MYSQL_WITHIN_MS });
  try {
    const stocks = await useSession(mysql, MYSQL_WITHIN_MS, change);
    if (stocks > 0) console.log(`· ${stocks} ${what}`);
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
