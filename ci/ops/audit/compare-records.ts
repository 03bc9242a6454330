import { type AuditCheck, checked, leftOut } from '../../../db/audit/audit-rules.ts';
import type { Session } from '../../../db/mysql/database.ts';
import type { OrderState } from '../../../db/orders/decide-batch.ts';
import { decisionOf } from '../../../db/orders/order-table.ts';
import { partitionOf } from '../../../proto/kafka/partition-of.ts';
import type { KeptRecord, LogEnds } from '../../../proto/kafka/read-log.ts';
import {
  type DecodedRecord,
  decodeOrderRecord,
  type RecordVerification,
} from '../../../proto/messages/order-record.ts';
import type { LogAudit } from './audit-log.ts';
import type { ReplayStock } from './read-replay-stocks.ts';
import { createReplay, type ReplayedDecision, type ReplayedOrder } from './replay-log.ts';

export type ComparisonOptions = {
  session: Session;
  verification: RecordVerification;
  stocks: ReplayStock[];
  /** Compare this stock only. */
  sid: number | undefined;
  ends: LogEnds;
  /** By partition: records from this offset on may be undecided yet. */
  decidedTo: Map<number, bigint>;
  /** `partition/offset` of each record that went to orders-dead. */
  buried: Set<string>;
  /** Refusals of records from before this time may have been purged. */
  purgedBeforeMs: number;
};

type Row = {
  orderNo: string;
  sid: number;
  buyer: string;
  state: OrderState;
  liveOrderNo: string | null;
  logOffset: number | string | null;
};
type Replaying = {
  stock: ReplayStock;
  replay: ReturnType<typeof createReplay>;
  decided: number;
  purged: number;
  misfits: string[];
};
/** A record that can be an order. */
type Placed = Omit<ReplayedOrder, 'rowState'> & { timestampMs: number };

// The senders' clocks and the database's may differ by this much.
const CLOCKS_MS = 5000;
const EXAMPLES = 3;

/** Takes the log chunk by chunk, compares it with the rows, and says in the end what it found. */
export function compareRecords(parts: ComparisonOptions) {
  const { session, ends, decidedTo, buried } = parts;
  const stocks = new Map(parts.stocks.map((stock) => [stock.sid, stock]));
  const replaying = new Map<number, Replaying | null>();
  const found = {
    records: 0,
    repeats: 0,
    buried: 0,
    undecided: [] as string[],
    lost: [] as string[],
    loose: [] as string[],
  };
  const startMs = new Map<number, number>();

  async function take(partition: number, records: KeptRecord[]): Promise<void> {
    if (!startMs.has(partition)) startMs.set(partition, records[0]?.timestampMs ?? 0);
    const orders: Placed[] = [];
    for (const { offset, value, timestampMs } of records) {
      const place = `${partition}/${offset}`;
      const decoded = decodeOrderRecord(value, parts.verification);
      const order = decoded.kind === 'order' ? decoded.order : null;
      if (order && parts.sid !== undefined && order.sid !== parts.sid) continue;
      found.records += 1;
      if (order && partitionOf(order.sid) === partition) {
        const { orderNo, sid, buyer, takesNoUnit } = order;
        orders.push({ orderNo, sid, buyer, takesNoUnit, offset, timestampMs });
      } else if (buried.has(place)) found.buried += 1;
      else if (offset >= (decidedTo.get(partition) ?? -1n)) found.undecided.push(place);
      else found.loose.push(`${place} ${describeInvalid(decoded)}`);
    }
    const rows = await readRows(session, orders);
    const judged = orders.filter((order) => judgeRecord(partition, order, rows.get(order.orderNo)));
    for (const [sid, group] of Map.groupBy(judged, (order) => order.sid)) replayGroup(sid, group, rows);
  }

  /** True: the record takes part in the replay. */
  function judgeRecord(partition: number, order: Placed, row: Row | undefined): boolean {
    const place = `${partition}/${order.offset}`;
    const isTheirs = row?.sid === order.sid && row.buyer === order.buyer;
    // A record that was dead-lettered and appended again later counts where it was decided.
    const isElsewhere = buried.has(place) && String(row?.logOffset ?? '') !== String(order.offset);
    if (isTheirs && !isElsewhere) return true;
    if (buried.has(place)) {
      found.buried += 1;
      return false;
    }
    if (row) found.loose.push(`${place} ${order.orderNo}: the number is another stock’s or buyer’s`);
    else if (order.offset >= (decidedTo.get(partition) ?? -1n)) found.undecided.push(place);
    // Only a refusal may have been purged; the replay finds out which it was.
    else if (order.timestampMs < parts.purgedBeforeMs) return true;
    else {
      found.lost.push(`${place} ${order.orderNo}`);
      return true;
    }
    return false;
  }

  function replayGroup(sid: number, orders: Placed[], rows: Map<string, Row>): void {
    let one = replaying.get(sid);
    if (one === undefined) {
      const stock = stocks.get(sid);
      const why = stock && (stock.leftOut ?? whyLogIsTooShort(stock));
      one = stock && !why ? { stock, replay: createReplay(stock), decided: 0, purged: 0, misfits: [] } : null;
      replaying.set(sid, one);
    }
    if (!one) return;
    const fresh = one.replay(orders.map((order) => ({ ...order, rowState: rows.get(order.orderNo)?.state ?? null })));
    found.repeats += orders.length - fresh.length;
    const sentMs = new Map(orders.map(({ orderNo, timestampMs }) => [orderNo, timestampMs]));
    for (const decision of fresh) {
      const row = rows.get(decision.wish.orderNo);
      const isPurged =
        !row &&
        decision.decided.decision !== 'CONFIRMED' &&
        (sentMs.get(decision.wish.orderNo) ?? 0) < parts.purgedBeforeMs;
      if (isPurged) one.purged += 1;
      else one.decided += 1;
      const difference = isPurged ? null : differenceOf(decision, row);
      if (difference) one.misfits.push(difference);
    }
  }

  function whyLogIsTooShort({ sid, orders, firstOffset, firstAtMs }: ReplayStock): string | undefined {
    if (orders === 0) return undefined;
    const partition = partitionOf(sid);
    const start = startMs.get(partition);
    const isCovered =
      start !== undefined &&
      (firstOffset ?? -1n) >= (ends.get(partition)?.first ?? 0n) &&
      (firstAtMs ?? 0) >= start - CLOCKS_MS;
    return isCovered ? undefined : 'the log no longer reaches back to its first order';
  }

  async function finish(): Promise<LogAudit> {
    const replays = new Map<number, AuditCheck>();
    for (const stock of parts.stocks) replays.set(stock.sid, await judgeStock(stock));
    const { records, undecided, lost, loose } = found;
    return {
      records,
      replays,
      checks: [
        verdict('every_record_decided', [
          [undecided, 'without a decision (is an order-worker up?)'],
          [lost, 'passed by the workers, and without a row'],
        ]) ?? checked('every_record_decided', true, `${records} records of the log, each with its answer`),
        verdict('misfits_buried', [[loose, 'that can be no order, and not in orders-dead']]) ??
          checked('misfits_buried', true, `${found.buried} records could be no order, all in orders-dead`),
      ],
    };
  }

  async function judgeStock(stock: ReplayStock): Promise<AuditCheck> {
    const name = 'log_replay';
    const why = stock.leftOut ?? whyLogIsTooShort(stock);
    if (why) return leftOut(name, why);
    const one = replaying.get(stock.sid);
    const end = ends.get(partitionOf(stock.sid))?.end ?? 0n;
    const [rows] = await session.rows<{ n: number }>(
      `SELECT COUNT(*) AS n FROM stock_order WHERE sid = ? AND decided_by = 'log' AND log_offset < ?`,
      [stock.sid, String(end)],
    );
    const decided = one?.decided ?? 0;
    const strays = (rows?.n ?? 0) - decided;
    const misfits = one?.misfits ?? [];
    if (strays > 0) misfits.push(`${strays} rows that no record of the log explains`);
    const detail =
      misfits.length === 0
        ? `${decided} decisions are the ones that the log gives once more`
        : `${misfits.length} differ: ${misfits.slice(0, EXAMPLES).join('; ')}`;
    return checked(name, misfits.length === 0, detail);
  }

  return { take, finish };
}

function describeInvalid(decoded: DecodedRecord): string {
  switch (decoded.kind) {
    case 'order':
      return 'on the wrong partition';
    case 'invalid':
      return decoded.reason;
    case 'unknown_version':
      return `record version ${decoded.version} is not known here`;
    default:
      return decoded satisfies never;
  }
}

function verdict(name: string, breaches: [string[], string][]): AuditCheck | undefined {
  const there = breaches.filter(([places]) => places.length > 0);
  if (there.length === 0) return undefined;
  const detail = there.map(([places, what]) => `${places.length} ${what} (${places.slice(0, EXAMPLES).join(', ')})`);
  return checked(name, false, detail.join('; '));
}

function differenceOf({ wish, decided }: ReplayedDecision, row: Row | undefined): string | null {
  if (!row) return `${wish.orderNo}: ${decided.decision}, without a row`;
  const inRow = decisionOf(row.state);
  if (inRow !== decided.decision) return `${wish.orderNo}: ${decided.decision}, the row says ${inRow}`;
  if (row.liveOrderNo !== decided.liveOrderNo) {
    return `${wish.orderNo}: duplicate of ${decided.liveOrderNo}, the row says ${row.liveOrderNo}`;
  }
  const isSamePlace = row.logOffset !== null && BigInt(row.logOffset) === wish.offset;
  return isSamePlace ? null : `${wish.orderNo}: at ${wish.offset} of the log, the row says ${row.logOffset}`;
}

async function readRows(session: Session, orders: Placed[]): Promise<Map<string, Row>> {
  if (orders.length === 0) return new Map();
  const rows = await session.rows<Row>(
    `SELECT order_no AS orderNo, sid, buyer, state, live_order_no AS liveOrderNo, log_offset AS logOffset
     FROM stock_order WHERE order_no IN (?)`,
    [[...new Set(orders.map(({ orderNo }) => orderNo))]],
  );
  return new Map(rows.map((row) => [row.orderNo, row]));
}
