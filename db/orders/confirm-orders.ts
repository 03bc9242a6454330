// Decides a batch of orders in one call of the procedure confirm_rush_orders (../mysql/migrations/019-confirm-rush-orders.ts).

import { ORDER_RETENTION_DAYS } from '../../proto/kafka/topics.ts';
import { hasDetails } from '../../proto/messages/order-details.ts';
import type { Database, Session } from '../mysql/database.ts';
import type { UnitsAfter } from '../stocks/stock-table.ts';
import { confirmedAt } from './confirmed-at.ts';
import { buyerKey, type DecidedOrder, type FreshOrder, isLadderOrder, toDecided } from './decide-batch.ts';
import type { Decided, DecideOptions, FreshDecision, PendingOrder } from './decide-orders.ts';
import { firstState } from './order-states.ts';
import { readKnownOrders } from './order-table.ts';

export type ConfirmOptions = Pick<DecideOptions, 'payWithinMs' | 'decidedBy'> & {
  /** Whether the number may have been decided. Such numbers are read first. A wrong answer costs time and changes no decision. */
  mayBeKnown(orderNo: string): boolean;
};

type ConfirmedStock = UnitsAfter & { priceCents: number; currency: string; readAt: Date };

/** The last parameter: whether the events `confirmed` are rows. What the log confirms is published from the log. */
const CALL = 'CALL confirm_rush_orders(?, ?, ?, ?, ?, ?)';
/** Stands for NULL in the procedure's JSON. */
const NONE = -1;
/** The first time that the database cannot store. */
const END_OF_TIME_MS = Date.UTC(10_000, 0, 1);

/**
 * Decides all orders of a batch, if each of them is known or can be confirmed. Null: nothing was changed, and the batch must be decided by
 * decideOrders. After a rejection the same holds, except that the batch may be committed or may still become so: its numbers are then
 * known to decideOrders, or its numbers make the call fail.
 */
export async function confirmOrders(
  database: Database,
  orders: PendingOrder[],
  options: ConfirmOptions,
): Promise<(Decided & { fresh: FreshDecision[] }) | null> {
  const firstOf = firstOfEachNumber(orders);
  if (!firstOf) return null;
  const hinted = new Set([...firstOf.keys()].filter(options.mayBeKnown));
  if (!canBeConfirmed([...firstOf.values()].filter(({ orderNo }) => !hinted.has(orderNo)))) return null;
  return database.session(async (session) => {
    const known = await readKnownOrders(session, [...hinted]);
    if (!known.every((order) => isSameOrder(order, firstOf.get(order.orderNo)))) return null;
    const outcomeOf = new Map<string, DecidedOrder>(known.map((order) => [order.orderNo, toDecided(order)]));
    const fresh = [...firstOf.values()].filter(({ orderNo }) => !outcomeOf.has(orderNo));
    if (!canBeConfirmed(fresh)) return null;
    const stocks = fresh.length > 0 ? await callProcedure(session, fresh, options) : [];
    if (!stocks) return null;
    const decided = decideAs(fresh, stocks);
    for (const { decided: outcome } of decided) outcomeOf.set(outcome.orderNo, outcome);
    return {
      outcomes: orders.map(({ orderNo }) => outcomeOf.get(orderNo) as DecidedOrder),
      units: stocks.map(({ sid, count, sale, version }) => ({ sid, count, sale, version })),
      confirmed: options.decidedBy === 'log' ? confirmedAt(orders, { stocks, known, fresh: decided }) : [],
      fresh: fresh.map(({ sid, mintedAtMs }) => ({ sid, decision: 'CONFIRMED', mintedAtMs })),
    };
  });
}

/** What the procedure decided. */
function decideAs(orders: PendingOrder[], stocks: ConfirmedStock[]): FreshOrder<PendingOrder>[] {
  const stockOf = new Map(stocks.map((stock) => [stock.sid, stock]));
  return orders.map((order) => {
    const { orderNo, sid, stampMs } = order;
    const stock = stockOf.get(sid);
    if (!stock) throw new Error(`confirm_rush_orders returned no stock ${sid}`);
    const readAtMs = stock.readAt.getTime();
    const state = firstState('CONFIRMED', stock.priceCents === 0);
    const decided: DecidedOrder = { orderNo, decision: 'CONFIRMED', liveOrderNo: null, state };
    return { order, decided, judgedAtMs: Math.min(stampMs ?? readAtMs, readAtMs) };
  });
}

/** Null: a number has two owners. A repeat of a number in the batch gets the outcome of the first. */
function firstOfEachNumber(orders: PendingOrder[]): Map<string, PendingOrder> | null {
  const firstOf = new Map<string, PendingOrder>();
  for (const order of orders) {
    const first = firstOf.get(order.orderNo);
    if (!first) firstOf.set(order.orderNo, order);
    else if (!isSameOrder(first, order)) return null;
  }
  return firstOf;
}

function isSameOrder(a: { sid: number; buyer: string }, b: { sid: number; buyer: string } | undefined): boolean {
  return a.sid === b?.sid && a.buyer === b.buyer;
}

/** Whether these new orders could all be confirmed, as far as they themselves tell. */
function canBeConfirmed(orders: PendingOrder[]): boolean {
  return orders.every(isPlain) && new Set(orders.map(buyerKey)).size === orders.length;
}

/** False for orders that only decideOrders can decide, and for values that the procedure would read differently. */
function isPlain(order: PendingOrder): boolean {
  const { takesNoUnit = false, metClosed = false, maxPriceCents, stampMs, mintedAtMs, appendedAtMs, offset } = order;
  if (takesNoUnit || metClosed || isLadderOrder(order) || hasDetails(order)) return false;
  if (!Number.isSafeInteger(Number(offset ?? 0))) return false;
  return [maxPriceCents ?? 0, stampMs ?? 0, mintedAtMs, appendedAtMs ?? 0].every(isStorable);
}

function isStorable(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0 && value < END_OF_TIME_MS;
}

/** The stocks after the COMMIT, or null: not all orders could be confirmed. */
async function callProcedure(
  session: Session,
  orders: PendingOrder[],
  { decidedBy, payWithinMs }: ConfirmOptions,
): Promise<ConfirmedStock[] | null> {
  const bySid = Map.groupBy(orders, ({ sid }) => sid);
  // In order of id, in which all transactions lock stocks.
  const sids = [...bySid.keys()].toSorted((a, b) => a - b);
  const stocks = sids.map((sid) => stockParameter(sid, bySid.get(sid) ?? []));
  const values = [JSON.stringify(stocks), JSON.stringify(orders.map(orderParameter))];
  // A procedure that selects rows has a list of results, and otherwise one that is no list.
  const results: unknown = await session.rows(CALL, [
    ...values,
    decidedBy,
    payWithinMs,
    ORDER_RETENTION_DAYS,
    decidedBy !== 'log',
  ]);
  return Array.isArray(results) ? (results[0] as ConfirmedStock[]) : null;
}

/** The procedure judges the window by the lowest and the highest stamp. An order without a stamp is judged by the time of the call. */
function stockParameter(sid: number, orders: PendingOrder[]): number[] {
  let lowestMs = Number.POSITIVE_INFINITY;
  let highestMs = 0;
  let maxPriceCents = Number.POSITIVE_INFINITY;
  for (const order of orders) {
    const stampMs = order.stampMs ?? null;
    lowestMs = Math.min(lowestMs, stampMs ?? lowestMs);
    highestMs = Math.max(highestMs, stampMs ?? Number.POSITIVE_INFINITY);
    maxPriceCents = Math.min(maxPriceCents, order.maxPriceCents ?? maxPriceCents);
  }
  return [
    sid,
    orders.length,
    ...[lowestMs, highestMs, maxPriceCents].map((value) => (value < Infinity ? value : NONE)),
  ];
}

function orderParameter(order: PendingOrder): (string | number)[] {
  const { orderNo, sid, buyer, mintedAtMs, stampMs, partition, offset, index = 0, appendedAtMs } = order;
  return [
    orderNo,
    sid,
    buyer,
    mintedAtMs,
    stampMs ?? NONE,
    partition ?? NONE,
    offset === null ? NONE : Number(offset),
    index,
    appendedAtMs ?? NONE,
  ];
}
