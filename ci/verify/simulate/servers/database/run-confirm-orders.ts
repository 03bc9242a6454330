import type { Fields, Value } from './evaluate-expression.ts';
import { parseStatement } from './parse-statement.ts';
import { type Result, type Run, type RunContext, runStatement } from './run-statement.ts';
import { DatabaseError } from './tables.ts';

// The procedure of db/mysql/migrations/019-confirm-rush-orders.ts. The contract in ci/verify/contracts compares both.

const NONE = -1;
const DAY_MS = 86_400_000;
const DUPLICATE_KEY = 1062;

const TAKE = parseStatement(`UPDATE stock SET sale = sale + ?, version = version + 1
  WHERE id = ? AND sale + ? <= count AND kind = 'sale' AND paused = 0 AND offers_only = 0 AND price_cents <= ?
    AND (opens_at IS NULL OR opens_at <= ?) AND (closes_at IS NULL OR (closes_at >= ? AND closes_at > ?))`);
const INSERT_ORDERS =
  parseStatement(`INSERT INTO stock_order (order_no, sid, buyer, name, state, price_cents, minted_at, pay_by, paid_at,
  judged_at, decided_by, log_partition, log_offset, log_index, appended_at) VALUES ?`);
const INSERT_EVENTS = parseStatement('INSERT INTO order_event (order_no, type, sid, buyer, price_cents) VALUES ?');

type WantedStock = [sid: number, units: number, lowestMs: number, highestMs: number, maxPriceCents: number];
type WantedOrder = [
  orderNo: string,
  sid: number,
  buyer: string,
  mintedMs: number,
  stampMs: number,
  logPartition: number,
  logOffset: number,
  logIndex: number,
  appendedMs: number,
];
type Call = { stocks: WantedStock[]; orders: WantedOrder[]; decider: string; payWithinMs: number; logDays: number };

/** Runs as a transaction of its own. */
export function* runConfirmOrders(context: RunContext): Run {
  const [stocks, orders, decider, payWithinMs, logDays, withEvents] = context.values;
  const call: Call = {
    stocks: JSON.parse(String(stocks)),
    orders: JSON.parse(String(orders)),
    decider: String(decider),
    payWithinMs: Number(payWithinMs),
    logDays: Number(logDays),
  };
  const rollBack = (): Result => {
    for (const row of context.transaction.rows) row.pending = undefined;
    return { affectedRows: 0 };
  };
  try {
    for (const stock of call.stocks) {
      const taken = yield* runStatement(TAKE, { ...context, values: takeValues(stock, call, context.now) });
      if ((taken as { affectedRows: number }).affectedRows !== 1) return rollBack();
    }
    const rows = call.orders.map((order) => orderRow(order, call, context));
    yield* runStatement(INSERT_ORDERS, { ...context, values: [rows] });
    const events = call.orders.flatMap((order) => eventRows(order, Boolean(withEvents), context));
    if (events.length > 0) yield* runStatement(INSERT_EVENTS, { ...context, values: [events] });
  } catch (error) {
    const result = rollBack();
    if (error instanceof DatabaseError && error.errno === DUPLICATE_KEY) return result;
    throw error;
  }
  const after = call.stocks.map(([sid]) => {
    const { count, sale, version, price_cents: priceCents, currency } = stockOf(sid, context);
    return { sid, count, sale, version, priceCents, currency, readAt: context.now };
  });
  return [after, { affectedRows: 0 }] as unknown as Result;
}

function takeValues(
  [sid, units, lowestMs, highestMs, maxPriceCents]: WantedStock,
  { logDays }: Call,
  now: Date,
): Value[] {
  const earliest = new Date(now.getTime() - logDays * DAY_MS);
  const maxPrice = maxPriceCents === NONE ? Number.MAX_SAFE_INTEGER : maxPriceCents;
  return [units, sid, units, maxPrice, judgedAt(lowestMs, now), earliest, judgedAt(highestMs, now)];
}

/** The earlier of a stamp and the time of the call. */
function judgedAt(stampMs: number, now: Date): Date {
  return stampMs === NONE ? now : new Date(Math.min(stampMs, now.getTime()));
}

/** The locked row of a stock. */
function stockOf(sid: number, { tables }: RunContext): Fields {
  return tables.get('stock')?.rows.get(String(sid))?.pending as Fields;
}

function orderRow(order: WantedOrder, { decider, payWithinMs }: Call, context: RunContext): Value[] {
  const [orderNo, sid, buyer, mintedMs, stampMs, logPartition, logOffset, logIndex, appendedMs] = order;
  const { now } = context;
  const { name = null, price_cents: price = null } = stockOf(sid, context);
  const isFree = price === 0;
  const payBy = isFree ? null : new Date(now.getTime() + payWithinMs);
  const place = [logPartition, logOffset].map((value) => (value === NONE ? null : value));
  return [
    ...[orderNo, sid, buyer, name, isFree ? 'paid' : 'awaiting_payment', price, new Date(mintedMs), payBy],
    ...[isFree ? now : null, judgedAt(stampMs, now), decider, ...place, logIndex],
    appendedMs === NONE ? null : new Date(appendedMs),
  ];
}

function eventRows([orderNo, sid, buyer]: WantedOrder, withConfirmed: boolean, context: RunContext): Value[][] {
  const { price_cents: price = null } = stockOf(sid, context);
  const types = [...(withConfirmed ? ['confirmed'] : []), ...(price === 0 ? ['paid'] : [])];
  return types.map((type) => [orderNo, type, sid, buyer, price]);
}
