import { type Clock, pause } from '../../proto/process/clock.ts';
import { classifyDatabaseError } from '../mysql/classify-database-error.ts';
import type { Database, Transaction } from '../mysql/database.ts';
import { readStocks, type Stock, type UnitsAfter } from '../stocks/stock-table.ts';
import { takeUnitsOfStocks } from '../stocks/take-units-of-stocks.ts';
import { confirmedAt } from './confirmed-at.ts';
import { decideBatch, type FreshOrder, isLadderOrder, type OrderRequest, type Outcome } from './decide-batch.ts';
import { insertOrderEvents, type NewOrderEvent, type OrderEvent } from './order-event-table.ts';
import type { Decision } from './order-states.ts';
import { type DecidedBy, insertOrders, type NewOrder, readActiveOrders, readKnownOrders } from './order-table.ts';

/** An order that is not decided yet. Its place in the log and `appendedAtMs` are null without the log; no `index`: 0. */
export type PendingOrder = OrderRequest & {
  mintedAtMs: number;
  partition: number | null;
  offset: bigint | null;
  index?: number;
  appendedAtMs?: number | null;
};

/** Called before each try with the error that ended the last one. Rejects or throws to give up. */
export type BeforeTry = (tries: number, lastError: unknown) => Promise<void> | void;

export type DecideOptions = {
  clock: Clock;
  random(): number;
  decidedBy: DecidedBy;
  /** Time to pay a confirmed order, in milliseconds. */
  payWithinMs: number;
  beforeTry: BeforeTry;
  /** Called after each COMMIT with what it decided for the first time, and the number of its orders. */
  onCommitted?: ((batch: { fresh: FreshDecision[]; orders: number }) => void) | undefined;
};

/** An order decided for the first time. */
export type FreshDecision = { sid: number; decision: Decision; mintedAtMs: number };

/**
 * `outcomes`: in the order of the batch. `units`: of the stocks that changed. `confirmed`: the events `confirmed` of the orders that are
 * confirmed at these places of the log, now or before. They have no rows: the caller publishes them before it commits the offset.
 */
export type Decided = { outcomes: Outcome[]; units: UnitsAfter[]; confirmed: OrderEvent[] };

const BACK_OFF_MAX_MS = 1000;
const DUPLICATE_KEYS_BEFORE_HALVING = 3;

/**
 * Decides a batch of orders in one transaction, and again until it is committed, for as long as `beforeTry` allows. The decisions
 * exist only then: after an unknown COMMIT the batch runs again, and its rows are then known. A batch that the database refuses as
 * data is halved until the orders at fault are found; these are invalid.
 */
export async function decideOrders(
  database: Database,
  orders: PendingOrder[],
  options: DecideOptions,
): Promise<Decided> {
  let lastError: unknown = null;
  let lostRaces = 0;
  let duplicateKeys = 0;
  for (let tries = 0; ; tries += 1) {
    if (tries > lostRaces) await pause(options.clock, backOffMs(tries - lostRaces, options.random));
    await options.beforeTry(tries, lastError);
    try {
      const result = await database.transaction((transaction) =>
        decideOnce(transaction, orders, lostRaces > 0, options),
      );
      if (result) {
        const { fresh, ...decided } = result;
        options.onCommitted?.({ fresh, orders: orders.length });
        return decided;
      }
      lostRaces += 1;
      lastError = null;
    } catch (error) {
      lastError = error;
      const kind = classifyDatabaseError(error);
      if (kind === 'duplicate_key') duplicateKeys += 1;
      if (kind === 'data' || duplicateKeys >= DUPLICATE_KEYS_BEFORE_HALVING)
        return halve(database, orders, options, error);
    }
  }
}

function backOffMs(failures: number, random: () => number): number {
  return Math.min(10 * 2 ** failures, BACK_OFF_MAX_MS) * (0.5 + random() / 2);
}

async function halve(
  database: Database,
  orders: PendingOrder[],
  options: DecideOptions,
  error: unknown,
): Promise<Decided> {
  const [only] = orders;
  if (only && orders.length === 1) {
    return {
      outcomes: [{ orderNo: only.orderNo, invalid: `the database refuses it: ${error}` }],
      units: [],
      confirmed: [],
    };
  }
  const middle = Math.ceil(orders.length / 2);
  const first = await decideOrders(database, orders.slice(0, middle), options);
  const second = await decideOrders(database, orders.slice(middle), options);
  return {
    outcomes: [...first.outcomes, ...second.outcomes],
    units: [...first.units, ...second.units],
    confirmed: [...first.confirmed, ...second.confirmed],
  };
}

/**
 * The sequence makes the version check sound: the version is read first and checked before anything is written, so all other reads
 * belong to that version. Null: another transaction changed a stock; this one is rolled back.
 */
async function decideOnce(
  transaction: Transaction,
  orders: PendingOrder[],
  lock: boolean,
  options: DecideOptions,
): Promise<(Decided & { fresh: FreshDecision[] }) | null> {
  const stocks = await readStocks(transaction, [...new Set(orders.map(({ sid }) => sid))], lock);
  const known = await readKnownOrders(transaction, [...new Set(orders.map(({ orderNo }) => orderNo))]);
  const knownNos = new Set(known.map(({ orderNo }) => orderNo));
  const active = await readActiveOrders(
    transaction,
    // A ladder order has no buyer, so it cannot be a second order of its buyer.
    orders.filter((order) => !isLadderOrder(order) && !knownNos.has(order.orderNo)),
  );
  const { outcomes, fresh, unitsTaken } = decideBatch(stocks, known, active, orders);

  const stockOf = new Map(stocks.map((stock) => [stock.sid, stock]));
  const changed = stocks.filter(({ sid }) => unitsTaken.has(sid));
  const toTake = changed.map(({ sid, version }) => ({ sid, version, units: unitsTaken.get(sid) ?? 0 }));
  if (!(await takeUnitsOfStocks(transaction, toTake))) return transaction.rollBack(null);
  const units = changed.map(({ sid, count, sale, version }): UnitsAfter => {
    return { sid, count, sale: sale + (unitsTaken.get(sid) ?? 0), version: version + 1 };
  });
  await insertOrders(
    transaction,
    fresh.map((decision) => toRow(decision, stockOf.get(decision.order.sid) as Stock, options)),
  );
  await insertOrderEvents(
    transaction,
    fresh.flatMap((decision) => eventsOf(decision, stockOf.get(decision.order.sid) as Stock, options.decidedBy)),
  );
  const decisions = fresh.map(({ order, decided }) => {
    return { sid: order.sid, decision: decided.decision, mintedAtMs: order.mintedAtMs };
  });
  const confirmed = options.decidedBy === 'log' ? confirmedAt(orders, { stocks, known, fresh }) : [];
  return { outcomes, units, confirmed, fresh: decisions };
}

type Fresh = FreshOrder<PendingOrder>;

function toRow({ order, decided, judgedAtMs }: Fresh, stock: Stock, options: DecideOptions): NewOrder {
  const { liveOrderNo, state, unitsLeft = null } = decided;
  const { quantity = 1 } = order;
  const expires = state === 'awaiting_payment' && !isLadderOrder(order);
  return {
    ...order,
    name: stock.name,
    state,
    liveOrderNo,
    priceCents: stock.priceCents,
    payByMs: expires ? stock.readAtMs + options.payWithinMs : null,
    paidAtMs: state === 'paid' ? stock.readAtMs : null,
    judgedAtMs,
    decidedBy: options.decidedBy,
    quantity,
    // An order that was refused for its quantity has it as its limit: the row says what was asked.
    maxPerOrder: quantity > 1 ? Math.max(stock.maxPerOrder, quantity) : 1,
    unitsLeft,
  };
}

/**
 * The rows of events of a new order. Ladder orders have none. What the log confirms is published from the log; a free order is paid with
 * its decision.
 */
function eventsOf({ order, decided }: Fresh, { priceCents }: Stock, decidedBy: DecidedBy): NewOrderEvent[] {
  if (decided.decision !== 'CONFIRMED' || isLadderOrder(order)) return [];
  const { orderNo, sid, buyer } = order;
  const types: NewOrderEvent['type'][] = decidedBy === 'log' ? [] : ['confirmed'];
  if (decided.state === 'paid') types.push('paid');
  return types.map((type) => ({ orderNo, type, sid, buyer, priceCents }));
}
