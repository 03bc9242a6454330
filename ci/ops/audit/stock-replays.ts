import { type AuditCheck, checked, skipped } from '../../../db/audit/audit-rules.ts';
import type { Session } from '../../../db/mysql/database.ts';
import { decisionOf } from '../../../db/orders/order-states.ts';
import { partitionOf } from '../../../proto/kafka/partition-of.ts';
import type { LogEnds } from '../../../proto/kafka/read-log.ts';
import { describePlace, isSamePlace } from '../../../proto/messages/log-place.ts';
import type { OrderRow } from './read-order-rows.ts';
import type { ReplayStock } from './read-replay-stocks.ts';
import { createReplay, type ReplayedDecision, type ReplayedOrder } from './replay-log.ts';

/** An order of the log, with the time of its record. */
export type LoggedOrder = Omit<ReplayedOrder, 'rowState'> & { timestampMs: number };

export type StockReplaysOptions = {
  session: Session;
  stocks: ReplayStock[];
  ends: LogEnds;
  /** Refusals of records from before this time may have been purged. */
  purgedBeforeMs: number;
};

type StockReplay = { replay: ReturnType<typeof createReplay>; decided: number; differences: string[] };

// The clocks of the senders and of the database may differ by this much.
const CLOCKS_MS = 5000;
const EXAMPLES = 3;

/** Replays the orders of each stock and compares the decisions with the rows. */
export function createStockReplays({ session, stocks, ends, purgedBeforeMs }: StockReplaysOptions) {
  const stockOf = new Map(stocks.map((stock) => [stock.sid, stock]));
  const startMs = new Map<number, number>();
  const replays = new Map<number, StockReplay | null>();

  /** Why a stock cannot be replayed; undefined if it can. */
  function whySkipped({ sid, orders, firstOffset, firstAtMs, skipReason }: ReplayStock): string | undefined {
    if (skipReason !== undefined || orders === 0) return skipReason;
    const partition = partitionOf(sid);
    const start = startMs.get(partition);
    const isCovered =
      start !== undefined &&
      (firstOffset ?? -1n) >= (ends.get(partition)?.first ?? 0n) &&
      (firstAtMs ?? 0) >= start - CLOCKS_MS;
    return isCovered ? undefined : 'the log no longer contains its first order';
  }

  function replayOf(sid: number): StockReplay | null {
    const known = replays.get(sid);
    if (known !== undefined) return known;
    const stock = stockOf.get(sid);
    const isReplayed = stock !== undefined && whySkipped(stock) === undefined;
    const created = isReplayed ? { replay: createReplay(stock), decided: 0, differences: [] } : null;
    replays.set(sid, created);
    return created;
  }

  async function check(stock: ReplayStock): Promise<AuditCheck> {
    const name = 'log_replay';
    const why = whySkipped(stock);
    if (why) return skipped(name, why);
    const { decided = 0, differences = [] } = replays.get(stock.sid) ?? {};
    const end = ends.get(partitionOf(stock.sid))?.end ?? 0n;
    const [rows] = await session.rows<{ n: number }>(
      `SELECT COUNT(*) AS n FROM stock_order WHERE sid = ? AND decided_by = 'log' AND log_offset < ?`,
      [stock.sid, String(end)],
    );
    const withoutRecord = (rows?.n ?? 0) - decided;
    if (withoutRecord > 0) differences.push(`${withoutRecord} rows without a record on the log`);
    const detail =
      differences.length === 0
        ? `${decided} decisions, all confirmed by a replay of the log`
        : `${differences.length} differ: ${differences.slice(0, EXAMPLES).join('; ')}`;
    return checked(name, differences.length === 0, detail);
  }

  return {
    /** Call with the first record's time before the first `take` of a partition. */
    noteStart(partition: number, timestampMs: number): void {
      if (!startMs.has(partition)) startMs.set(partition, timestampMs);
    },
    take(sid: number, orders: LoggedOrder[], rows: Map<string, OrderRow>): void {
      const stock = replayOf(sid);
      if (!stock) return;
      const sentMs = new Map(orders.map(({ orderNo, timestampMs }) => [orderNo, timestampMs]));
      const withStates = orders.map((order) => ({ ...order, rowState: rows.get(order.orderNo)?.state ?? null }));
      for (const replayed of stock.replay(withStates)) {
        const { orderNo } = replayed.order;
        const row = rows.get(orderNo);
        const isRefusal = replayed.decided.decision !== 'CONFIRMED';
        const isPurged = !row && isRefusal && (sentMs.get(orderNo) ?? 0) < purgedBeforeMs;
        if (isPurged) continue;
        stock.decided += 1;
        const difference = describeDifference(replayed, row);
        if (difference) stock.differences.push(difference);
      }
    },
    async finish(): Promise<Map<number, AuditCheck>> {
      const checks = new Map<number, AuditCheck>();
      for (const stock of stocks) checks.set(stock.sid, await check(stock));
      return checks;
    },
  };
}

function describeDifference({ order, decided }: ReplayedDecision, row: OrderRow | undefined): string | null {
  const { orderNo } = order;
  if (!row) return `${orderNo}: ${decided.decision}, without a row`;
  const inRow = decisionOf(row.state);
  if (inRow !== decided.decision) return `${orderNo}: ${decided.decision}, but ${inRow} in the row`;
  if (row.liveOrderNo !== decided.liveOrderNo) {
    return `${orderNo}: duplicate of ${decided.liveOrderNo}, but of ${row.liveOrderNo} in the row`;
  }
  if (isSamePlace(order, row)) return null;
  const inRowAt = `${row.logPartition}/${row.logOffset}/${row.logIndex}`;
  return `${orderNo}: at ${describePlace(order)}, but ${inRowAt} in the row`;
}
