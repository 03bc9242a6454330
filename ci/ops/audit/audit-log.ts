import type { Database } from '../../../db/mysql/database.ts';
import { MIN_KEPT_DAYS } from '../../../db/stocks/purge-rules.ts';
import { type KafkaTarget, startLagReader } from '../../../proto/kafka/kafka.ts';
import { partitionOf } from '../../../proto/kafka/partition-of.ts';
import { type LogEnds, readLog, readLogEnds } from '../../../proto/kafka/read-log.ts';
import { topicNames } from '../../../proto/kafka/topics.ts';
import type { RecordVerification } from '../../../proto/messages/order-record.ts';
import { pause, realClock } from '../../../proto/process/clock.ts';
import { waitUntil } from '../../command/wait-until.ts';
import { compareRecords } from './compare-records.ts';
import type { LogAudit } from './log-audit.ts';
import { readReplayStocks } from './read-replay-stocks.ts';

export type LogAuditTarget = {
  database: Database;
  kafka: KafkaTarget;
  topicPrefix: string;
  verification: RecordVerification;
  /** Longest wait for pending orders. */
  pendingMaxMs?: number;
};

const STATEMENT_MS = 60_000;
// Workers whose broker was killed rejoin within their session of 15 s.
const PENDING_MAX_MS = 30_000;
const LOG_BACK_WITHIN_MS = 30_000;
const POLL_MS = 200;

/**
 * Reads the log from its beginning to its current end and compares it with the rows: each record is decided (promise 5), and a
 * replay of the log gives the same decisions (promise 7). `sid`: of this stock only.
 */
export async function auditLog(
  { database, kafka, topicPrefix, verification, pendingMaxMs = PENDING_MAX_MS }: LogAuditTarget,
  sid: number | undefined,
): Promise<LogAudit> {
  const topics = topicNames(topicPrefix);
  // A broker that was killed during the sale may still be starting.
  const ends = await waitUntil('the log', () => readLogEnds(kafka, topics.orders), { limitMs: LOG_BACK_WITHIN_MS });
  const decidedTo = await waitUntilDecided(kafka, topics, ends, pendingMaxMs);
  // After the wait: by now each invalid record before `ends` is in orders-dead.
  const deadLettered = new Set<string>();
  await readLog(kafka, topics.ordersDead, await readLogEnds(kafka, topics.ordersDead), async (_partition, records) => {
    for (const { key } of records) deadLettered.add(key);
  });
  return database.withStatementMs(STATEMENT_MS).session(async (session) => {
    const stocks = await readReplayStocks(session, sid);
    const purgedBeforeMs = Date.now() - (MIN_KEPT_DAYS - 1) * 86_400_000;
    const comparison = compareRecords({
      session,
      verification,
      stocks,
      sid,
      ends,
      decidedTo,
      deadLettered,
      purgedBeforeMs,
    });
    const wanted = new Map([...ends].filter(([partition]) => sid === undefined || partitionOf(sid) === partition));
    await readLog(kafka, topics.orders, wanted, comparison.take);
    return comparison.finish();
  });
}

/** The offsets that the workers have committed, once they have reached the end of the log or after `maxMs`. */
async function waitUntilDecided(
  kafka: KafkaTarget,
  { orders, workerGroup }: ReturnType<typeof topicNames>,
  ends: LogEnds,
  maxMs: number,
): Promise<Map<number, bigint>> {
  const lag = startLagReader(kafka, orders, workerGroup);
  const untilMs = performance.now() + maxMs;
  try {
    for (;;) {
      const committed = new Map([...(await lag.read())].map(([partition, offsets]) => [partition, offsets.committed]));
      const isDone = [...ends].every(
        ([partition, { first, end }]) => first === end || (committed.get(partition) ?? -1n) >= end,
      );
      if (isDone || performance.now() > untilMs) return committed;
      await pause(realClock, POLL_MS);
    }
  } finally {
    await lag.close();
  }
}
