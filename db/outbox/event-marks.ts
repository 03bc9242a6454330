import type { Database, Session } from '../mysql/database.ts';

/**
 * Up to where the events `order.confirmed` of the orders that the log decided are published, for one partition of the topic of orders.
 * Each such order before the mark has its event acknowledged by the event topic, or a row in `order_event`.
 */
export type EventMark = {
  partition: number;
  /** Counts the workers that took the partition over, and the times that the topic lost its offsets. */
  life: number;
  /** The next offset. Within a life it only grows. */
  next: bigint;
  /** Orders that were decided before belong to an earlier life of the log, or have rows. Milliseconds since 1970 (UTC). */
  sinceMs: number;
  movedAtMs: number;
  /** The database's clock at the read. */
  readAtMs: number;
};

/** The position of a worker in the life of the log that it knows. */
export type EventPosition = Pick<EventMark, 'partition' | 'life' | 'next'>;

/** Transactions that began before a new life may commit after it has begun. */
const LIVES_OVERLAP_MS = 10_000;

type MarkRow = { logPartition: number; life: number; next: number | string; since: Date; movedAt: Date; readAt: Date };

/** `partition`: reads the mark of this one only. */
export async function readEventMarks(
  session: Session,
  topic: string,
  partition?: number,
): Promise<Map<number, EventMark>> {
  const one = partition === undefined ? '' : ' AND log_partition = ?';
  const rows = await session.rows<MarkRow>(
    `SELECT log_partition AS logPartition, life, next_offset AS next, since, moved_at AS movedAt, NOW(3) AS readAt
     FROM event_mark WHERE topic = ?${one}`,
    partition === undefined ? [topic] : [topic, partition],
  );
  return new Map(
    rows.map(({ logPartition: partition, life, next, since, movedAt, readAt }) => {
      const times = { sinceMs: since.getTime(), movedAtMs: movedAt.getTime(), readAtMs: readAt.getTime() };
      return [partition, { partition, life, next: BigInt(next), ...times }];
    }),
  );
}

/** Orders before `next` were decided by a release that wrote a row for each event. */
export async function insertEventMark(session: Session, topic: string, partition: number, next: bigint): Promise<void> {
  await session.change(
    'INSERT IGNORE INTO event_mark (topic, log_partition, life, next_offset, since, moved_at) VALUES (?, ?, 1, ?, NOW(3), NOW(3))',
    [topic, partition, String(next)],
  );
}

/**
 * Moves marks forward, never back. Call it when the events of all orders before the positions are acknowledged or rows. Resolves with the
 * partitions in another life: what the caller knows of them is over.
 */
export function moveEventMarks(database: Database, topic: string, positions: EventPosition[]): Promise<number[]> {
  return database.transaction(async (transaction) => {
    const marks = await readEventMarks(transaction, topic);
    const over: number[] = [];
    for (const { partition, life, next } of positions) {
      const mark = marks.get(partition);
      if (mark?.life !== life) over.push(partition);
      else if (mark.next < next) {
        await transaction.change(
          `UPDATE event_mark SET next_offset = ?, moved_at = NOW(3)
           WHERE topic = ? AND log_partition = ? AND life = ? AND next_offset < ?`,
          [String(next), topic, partition, life, String(next)],
        );
      }
    }
    return over;
  });
}

/**
 * A worker takes the partition over: the marks of earlier ones move no more, because the topic may have been created again since. False: the
 * mark has changed since it was read.
 */
export async function takeOverMark(session: Session, topic: string, mark: EventMark): Promise<boolean> {
  const changed = await session.change(
    `UPDATE event_mark SET life = life + 1 WHERE topic = ? AND log_partition = ? AND life = ? AND next_offset = ?`,
    [topic, mark.partition, mark.life, String(mark.next)],
  );
  return changed === 1;
}

/** The topic has lost its offsets. Call it when all orders at or beyond the mark have rows. Does nothing if another process was faster. */
export async function beginLife(session: Session, topic: string, mark: EventMark, next: bigint): Promise<void> {
  await session.change(
    `UPDATE event_mark SET life = life + 1, next_offset = ?, since = ?, moved_at = NOW(3)
     WHERE topic = ? AND log_partition = ? AND life = ?`,
    [String(next), new Date(mark.readAtMs - LIVES_OVERLAP_MS), topic, mark.partition, mark.life],
  );
}

/** Whether the event of an order that the log decided may be unpublished. */
export function isBeyondMark(mark: EventMark | undefined, order: { offset: bigint; createdAtMs: number }): boolean {
  return !mark || (order.createdAtMs >= mark.sinceMs && order.offset >= mark.next);
}
