import type { Database } from '../../db/mysql/database.ts';
import type { PendingOrder } from '../../db/orders/decide-orders.ts';
import { keepOrderEvents } from '../../db/orders/order-event-table.ts';
import { readKnownOrders } from '../../db/orders/order-table.ts';
import type { ConfirmedOrder } from '../../db/outbox/confirmed-orders.ts';
import {
  beginLife,
  type EventMark,
  type EventPosition,
  insertEventMark,
  moveEventMarks,
  readEventMarks,
  takeOverMark,
} from '../../db/outbox/event-marks.ts';
import { keepMissedEvents, readBeyondMark } from '../../db/outbox/keep-missed-events.ts';
import type { CommittableOffsets } from '../../proto/kafka/topic-consumer.ts';
import type { Clock } from '../../proto/process/clock.ts';

export type EventPositionsOptions = {
  clock: Pick<Clock, 'nowMs'>;
  database: Database;
  /** The topic of the orders. */
  topic: string;
  /** Resolves when each event that was taken before is acknowledged or a row. */
  flush(): Promise<void>;
  /** The log has lost records whose events may be unpublished. They have rows now. */
  onLost?(partition: number, events: number): void;
};

/** The records of one partition that are to be decided. `end`: the next offset of the log. */
export type RecordsAhead = { partition: number; first: bigint; end: bigint; orders: PendingOrder[] };

export type EventPositions = {
  /** Call before a batch is decided. */
  prepare(records: RecordsAhead): Promise<void>;
  /** Call after it, with the next offset. */
  passed(partition: number, next: bigint): void;
  /**
   * Call before these offsets are committed. Waits for the events of the orders before them, and moves the marks. Offsets
   * of before the partition was taken over are neither ready nor later.
   */
  publishedTo(offsets: Map<number, bigint>): Promise<Required<CommittableOffsets>>;
};

/** What this worker has handled without a gap: from `mark`, or from an offset before it, up to `ahead`. */
type Lane = {
  life: number;
  mark: bigint;
  ahead: bigint;
  /** A batch is in work, or has failed: it may have decided orders beyond `ahead`. */
  inWork: boolean;
  /** Orders beyond the mark that others have decided, and whose records have not come again. */
  missed: ConfirmedOrder[];
  /** The log has lost records before `to`. Until then a transaction that decides them may still commit, and the mark must not move. */
  lost: { mark: EventMark; to: bigint | undefined; untilMs: number } | null;
};

const MAX_MISSED = 20_000;
/** Longer than the transaction of a worker that froze: the database ends it after 3 s, and each statement has a deadline. */
const LATE_COMMITS_MS = 10_000;

/**
 * Follows the position of each partition. Each batch is compared with the mark, also where this worker stopped: others may have had the
 * partition since, and the topic may have been created again. Orders beyond the mark are published when their records come again; those whose
 * records do not come again, because the log lost them, get rows before the mark passes them.
 */
export function createEventPositions(options: EventPositionsOptions): EventPositions {
  const { clock, database, topic, flush, onLost } = options;
  const lanes = new Map<number, Lane>();

  async function readMark(partition: number, first: bigint): Promise<EventMark> {
    return database.session(async (session) => {
      const read = async () => (await readEventMarks(session, topic, partition)).get(partition);
      const mark = await read();
      if (mark) return mark;
      await insertEventMark(session, topic, partition, first);
      return (await read()) as EventMark;
    });
  }

  async function compareWithMark(records: RecordsAhead): Promise<Lane> {
    const { partition, first, end, orders } = records;
    const mark = await readMark(partition, first);
    const { life, next } = mark;
    const lane = lanes.get(partition);
    const goesOn = lane?.life === life && !lane.inWork && lane.mark <= first && first <= lane.ahead;
    const decidedTo = goesOn && lane.ahead > next ? lane.ahead : next;
    const decided = orders.filter(({ offset }) => offset !== null && offset < decidedTo);
    if ((first < next && end < next) || (await hasUnknown(decided))) {
      const kept = await keepMissedEvents(database, mark);
      if (kept > 0) onLost?.(partition, kept);
      await database.session((session) => beginLife(session, topic, mark, first));
      const begun = await compareWithMark(records);
      begun.lost = lostBefore(undefined, mark);
      return begun;
    }
    if (goesOn) return lane;
    if (!(await database.session((session) => takeOverMark(session, topic, mark)))) return compareWithMark(records);
    const lost = first > next ? lostBefore(first, mark) : null;
    return { life: life + 1, mark: next, ahead: first, inWork: false, missed: await readMissed(mark), lost };
  }

  function lostBefore(to: bigint | undefined, mark: EventMark): Lane['lost'] {
    return { mark, to, untilMs: clock.nowMs() + LATE_COMMITS_MS };
  }

  /** Writes rows for what was decided late. False: it is too early. */
  async function keepLate(partition: number): Promise<boolean> {
    const lane = lanes.get(partition);
    if (!lane?.lost) return true;
    const { mark, to, untilMs } = lane.lost;
    if (clock.nowMs() < untilMs) return false;
    await keepMissedEvents(database, mark, to === undefined ? {} : { to });
    lane.lost = null;
    return true;
  }

  /** In one life of the log, all orders before the mark are decided, and those that this worker has handled. */
  async function hasUnknown(orders: PendingOrder[]): Promise<boolean> {
    if (orders.length === 0) return false;
    const numbers = [...new Set(orders.map(({ orderNo }) => orderNo))];
    const known = await database.session((session) => readKnownOrders(session, numbers));
    return known.length < numbers.length;
  }

  async function readMissed(mark: EventMark): Promise<ConfirmedOrder[]> {
    const missed: ConfirmedOrder[] = [];
    await readBeyondMark(database, mark, async (session, orders) => {
      if (missed.length < MAX_MISSED) missed.push(...orders);
      else await keepOrderEvents(session, eventsOf(orders));
    });
    return missed;
  }

  /** Writes rows for what the positions pass without its records. */
  async function keepPassed(partition: number, next: bigint): Promise<void> {
    const lane = lanes.get(partition);
    const passed = lane?.missed.filter(({ offset }) => offset < next) ?? [];
    if (!lane || passed.length === 0) return;
    await database.session((session) => keepOrderEvents(session, eventsOf(passed)));
    lane.missed = lane.missed.filter(({ offset }) => offset >= next);
    onLost?.(partition, passed.length);
  }

  return {
    async prepare(records) {
      const { partition, orders } = records;
      const lane = await compareWithMark(records);
      lanes.set(partition, lane);
      lane.inWork = true;
      if (lane.missed.length === 0) return;
      // The whole place: a record of a topic that was created again can have the same order at the same offset, and publishes nothing of it.
      const here = new Set(orders.map(({ orderNo, offset, index = 0 }) => `${offset} ${index} ${orderNo}`));
      lane.missed = lane.missed.filter(({ event, offset, index }) => !here.has(`${offset} ${index} ${event.orderNo}`));
    },

    passed(partition, next) {
      const lane = lanes.get(partition);
      if (!lane) return;
      lane.inWork = false;
      if (lane.ahead < next) lane.ahead = next;
    },

    async publishedTo(offsets) {
      const later = new Map<number, bigint>();
      const positions: EventPosition[] = [];
      for (const [partition, next] of offsets) {
        const lane = lanes.get(partition);
        if (!(await keepLate(partition))) later.set(partition, next);
        // What is beyond was handled before the partition was lost: the batch in work has other records there.
        else if (lane && next <= lane.ahead) positions.push({ partition, life: lane.life, next });
      }
      await flush();
      for (const { partition, next } of positions) await keepPassed(partition, next);
      const over = await moveEventMarks(database, topic, positions);
      for (const { partition, life, next } of positions) {
        const lane = lanes.get(partition);
        if (lane?.life !== life) continue;
        if (over.includes(partition)) lanes.delete(partition);
        else if (lane.mark < next) lane.mark = next;
      }
      const moved = positions.filter(({ partition }) => !over.includes(partition));
      return { ready: new Map(moved.map(({ partition, next }) => [partition, next])), later };
    },
  };
}

function eventsOf(orders: ConfirmedOrder[]) {
  return orders.map(({ event }) => event);
}
