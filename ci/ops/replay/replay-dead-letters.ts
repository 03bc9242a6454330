import { createHash } from 'node:crypto';
import { type KafkaTarget, type LogRecord, startAppender } from '../../../proto/kafka/kafka.ts';
import { ORDER_PARTITIONS } from '../../../proto/kafka/partition-of.ts';
import { readLog, readLogEnds } from '../../../proto/kafka/read-log.ts';
import type { topicNames } from '../../../proto/kafka/topics.ts';
import { waitUntil } from '../../command/wait-until.ts';

export type ReplayDeadLetters = {
  target: KafkaTarget;
  names: ReturnType<typeof topicNames>;
  /** Only those whose reason contains this text. */
  reason: string;
  /** Only look. */
  isDry: boolean;
};

export type ReplayedLetters = {
  /** Read in all, and of those the ones that have the reason asked for. */
  read: number;
  found: number;
  /** Put on the log again, or only found when nothing was to be put. */
  replayed: number;
  /** The same bytes as another one, which is replayed once; and kept without its bytes because it was too large. */
  copies: number;
  withoutBytes: number;
  /** How many of those found have which reason. */
  reasons: Record<string, number>;
};

const CONNECT_WITHIN_MS = 10_000;
const APPEND_TRIES_MS = 10_000;
/** Most memory for what is remembered of each record: some 100 bytes. */
const MAX_RECORDS = 1_000_000;
const KEY = /^(\d{1,3})\/(\d{1,19})$/;

/**
 * Puts records of orders-dead on the log again, each on the partition it came from, after what was wrong has been mended. Workers
 * judge them like new ones: what is an order is decided, what is none is buried once more. The original stays where it is.
 * Rejects where the log does not take one; those before it are on the log, and running it again harms nothing.
 */
export async function replayDeadLetters({ target, names, reason, isDry }: ReplayDeadLetters): Promise<ReplayedLetters> {
  const result: ReplayedLetters = { read: 0, found: 0, replayed: 0, copies: 0, withoutBytes: 0, reasons: {} };
  const seen = new Set<string>();
  const log = isDry ? undefined : startAppender(target);
  try {
    await waitUntil('the log', () => requireConnection(log?.isConnected() ?? true), { limitMs: CONNECT_WITHIN_MS });
    await readLog(target, names.ordersDead, await readLogEnds(target, names.ordersDead), async (_, letters) => {
      for (const { key, value, headers } of letters) {
        result.read += 1;
        if (result.read > MAX_RECORDS) throw new Error(`more than ${MAX_RECORDS} dead letters`);
        const why = headers.reason ?? '';
        const partition = Number(KEY.exec(key)?.[1] ?? Number.NaN);
        if (!why.includes(reason) || !(partition < ORDER_PARTITIONS)) continue;
        result.found += 1;
        result.reasons[why] = (result.reasons[why] ?? 0) + 1;
        if (value === null) {
          result.withoutBytes += 1;
          continue;
        }
        const print = createHash('sha256').update(`${partition}/`).update(value).digest('base64');
        if (seen.has(print)) {
          result.copies += 1;
          continue;
        }
        seen.add(print);
        if (log) await append({ key, value, headers: { replayed: key } }, partition);
        result.replayed += 1;
      }
    });
    return result;
  } finally {
    await log?.close();
  }

  function append(record: LogRecord, partition: number): Promise<bigint | undefined> {
    const put = async () => log?.append(names.orders, partition, [record]);
    return waitUntil(`partition ${partition} to take a record`, put, { limitMs: APPEND_TRIES_MS });
  }
}

function requireConnection(isConnected: boolean): void {
  if (!isConnected) throw new Error('not connected yet');
}
