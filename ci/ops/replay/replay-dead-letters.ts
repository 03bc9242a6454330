import { createHash } from 'node:crypto';
import { type KafkaTarget, type LogRecord, startAppender } from '../../../proto/kafka/kafka.ts';
import { ORDER_PARTITIONS } from '../../../proto/kafka/partition-of.ts';
import { readLog, readLogEnds } from '../../../proto/kafka/read-log.ts';
import type { topicNames } from '../../../proto/kafka/topics.ts';
import { waitUntil } from '../../command/wait-until.ts';

export type ReplayDeadLetters = {
  target: KafkaTarget;
  names: ReturnType<typeof topicNames>;
  /** Only records whose reason contains this text. */
  reason: string;
  /** Reads without replaying. */
  isDry: boolean;
};

export type ReplayedLetters = {
  /** All records, and the records with the wanted reason. */
  read: number;
  found: number;
  /** Appended to the log again; with `isDry` the records that would be. */
  replayed: number;
  /** Records with the bytes of another record, which is replayed once; and records that were too large to keep their bytes. */
  copies: number;
  withoutBytes: number;
  /** Found records by reason. */
  reasons: Record<string, number>;
};

const CONNECT_WITHIN_MS = 10_000;
const APPEND_TRIES_MS = 10_000;
/** Limits the memory: about 100 bytes for each record. */
const MAX_RECORDS = 1_000_000;
const KEY = /^(\d{1,3})\/(\d{1,19})(?:\/\d{1,3})?$/;

/**
 * Appends records of orders-dead to the log again, each to its partition, after their cause was fixed. Workers treat them like new
 * records: valid orders are decided, invalid ones dead-lettered again. The originals stay in orders-dead. Rejects when an append
 * fails; the records before it are on the log, and it is safe to run this again.
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
        const hash = createHash('sha256').update(`${partition}/`).update(value).digest('base64');
        if (seen.has(hash)) {
          result.copies += 1;
          continue;
        }
        seen.add(hash);
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
