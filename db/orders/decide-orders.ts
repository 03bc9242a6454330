import { type Clock, pause } from '../../proto/process/clock.ts';
import { classifyDatabaseError } from '../mysql/classify-database-error.ts';
import type { Stock } from '../stocks/stock-table.ts';
import {
  type ActiveOrder,
  type Decision,
  decideBatch,
  type FreshOrder,
  isLadderOrder,
  type KnownOrder,
  type OrderRequest,
  type Outcome,
} from './decide-batch.ts';
import type { NewOrderEvent } from './order-event-table.ts';
import type { DecidedBy, NewOrder } from './order-table.ts';

/** An order on its way to a decision. `partition`, `offset` and `appendedAtMs`, the log's own time, when it came by the log. */
export type PendingOrder = OrderRequest & {
  mintedAtMs: number;
  partition: number | null;
  offset: bigint | null;
  appendedAtMs?: number | null;
};

/** What a deciding transaction does to the database, in the sequence in which it does it. */
export type OrderTransaction = {
  /** In order of id; `lock` takes the rows FOR UPDATE. */
  readStocks(sids: number[], lock: boolean): Promise<Stock[]>;
  readKnown(orderNos: string[]): Promise<KnownOrder[]>;
  readLive(wanted: { sid: number; buyer: string }[]): Promise<ActiveOrder[]>;
  takeUnits(sid: number, version: number, units: number): Promise<boolean>;
  insertOrders(orders: NewOrder[]): Promise<void>;
  insertEvents(events: NewOrderEvent[]): Promise<void>;
};

export type OrderStore = {
  /** Commits when `work` resolves with a value; undoes everything when it resolves with null or rejects. */
  transact<T>(work: (transaction: OrderTransaction) => Promise<T | null>): Promise<T | null>;
};

export type DecideOptions = {
  clock: Clock;
  random(): number;
  decidedBy: DecidedBy;
  /** Time to pay a confirmed order, in milliseconds. */
  payWithinMs: number;
  /** Called before each try, with the error that ended the last one. Rejects or throws to give up. */
  beforeTry(tries: number, lastError: unknown): Promise<void> | void;
  /** Called after each COMMIT, for whoever counts: what it decided for the first time, and of how many orders. */
  onCommitted?: ((batch: { fresh: FreshDecision[]; orders: number }) => void) | undefined;
};

/** An order decided for the first time. */
export type FreshDecision = { decision: Decision; mintedAtMs: number };

/** A stock's units after a COMMIT. */
export type UnitsAfter = { sid: number; count: number; sale: number; version: number };

/** `outcomes`: one for each order, in the same sequence. `units`: of the stocks that changed. */
export type Decided = { outcomes: Outcome[]; units: UnitsAfter[] };

const BACK_OFF_MAX_MS = 1000;
const DUPLICATE_KEYS_BEFORE_HALVING = 3;

/**
 * Decides a batch of orders in one transaction and again until it is committed, for as long as `beforeTry` allows. Only
 * then do the decisions exist: an unknown COMMIT is run again, and what it wrote is then known. Orders that the database
 * refuses as data come back as misfits, after the batch has been halved down to them.
 */
export async function decideOrders(
  store: OrderStore,
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
      const result = await store.transact((transaction) => decideOnce(transaction, orders, lostRaces > 0, options));
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
        return halve(store, orders, options, error);
    }
  }
}

function backOffMs(failures: number, random: () => number): number {
  return Math.min(10 * 2 ** failures, BACK_OFF_MAX_MS) * (0.5 + random() / 2);
}

async function halve(
  store: OrderStore,
  orders: PendingOrder[],
  options: DecideOptions,
  error: unknown,
): Promise<Decided> {
  const [only] = orders;
  if (only && orders.length === 1) {
    return { outcomes: [{ orderNo: only.orderNo, misfit: `the database refuses it: ${error}` }], units: [] };
  }
  const middle = Math.ceil(orders.length / 2);
  const first = await decideOrders(store, orders.slice(0, middle), options);
  const second = await decideOrders(store, orders.slice(middle), options);
  return { outcomes: [...first.outcomes, ...second.outcomes], units: [...first.units, ...second.units] };
}

/**
 * The sequence is what makes the check sound: the stock's version is read first and checked before anything is written, so
 * whatever was read in between belongs to that version. Null: somebody was first.
 */
async function decideOnce(
  transaction: OrderTransaction,
  orders: PendingOrder[],
  lock: boolean,
  options: DecideOptions,
): Promise<(Decided & { fresh: FreshDecision[] }) | null> {
  const stocks = await transaction.readStocks([...new Set(orders.map(({ sid }) => sid))], lock);
  const known = await transaction.readKnown([...new Set(orders.map(({ orderNo }) => orderNo))]);
  const knownNos = new Set(known.map(({ orderNo }) => orderNo));
  // An order of the ladder belongs to no buyer, so there can be no other order of its buyer.
  const live = await transaction.readLive(
    orders.filter((order) => !isLadderOrder(order) && !knownNos.has(order.orderNo)),
  );
  const { outcomes, fresh, unitsTaken } = decideBatch(stocks, known, live, orders);

  const stockOf = new Map(stocks.map((stock) => [stock.sid, stock]));
  const units: UnitsAfter[] = [];
  for (const { sid, count, sale, version } of stocks) {
    const taken = unitsTaken.get(sid);
    if (taken === undefined) continue;
    if (!(await transaction.takeUnits(sid, version, taken))) return null;
    units.push({ sid, count, sale: sale + taken, version: version + 1 });
  }
  await transaction.insertOrders(fresh.map((order) => toRow(order, stockOf.get(order.wish.sid) as Stock, options)));
  await transaction.insertEvents(
    fresh.flatMap((order) => eventsOf(order, (stockOf.get(order.wish.sid) as Stock).priceCents)),
  );
  const counted = fresh.map(({ wish, decided }) => ({ decision: decided.decision, mintedAtMs: wish.mintedAtMs }));
  return { outcomes, units, fresh: counted };
}

function toRow({ wish, decided, judgedAtMs }: Fresh, stock: Stock, options: DecideOptions): NewOrder {
  const { liveOrderNo, state } = decided;
  const expires = state === 'awaiting_payment' && !isLadderOrder(wish);
  return {
    ...wish,
    name: stock.name,
    state,
    liveOrderNo,
    priceCents: stock.priceCents,
    payByMs: expires ? stock.readAtMs + options.payWithinMs : null,
    paidAtMs: state === 'paid' ? stock.readAtMs : null,
    judgedAtMs,
    decidedBy: options.decidedBy,
  };
}

/** The facts of a new order for other systems. Orders of the ladder belong to no buyer and have none. */
function eventsOf({ wish, decided }: Fresh, priceCents: number): NewOrderEvent[] {
  if (decided.decision !== 'CONFIRMED' || isLadderOrder(wish)) return [];
  const { orderNo, sid, buyer } = wish;
  const types: NewOrderEvent['type'][] = decided.state === 'paid' ? ['confirmed', 'paid'] : ['confirmed'];
  return types.map((type) => ({ orderNo, type, sid, buyer, priceCents }));
}

type Fresh = FreshOrder<PendingOrder>;
