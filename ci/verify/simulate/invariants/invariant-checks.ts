import type { BuyAnswer } from '../../../../consumer/orders/buy-answer.ts';
import type { DecidedOrder } from '../../../../db/orders/decide-batch.ts';
import { CONFIRMED_ORDER_STATES } from '../../../../db/orders/order-states.ts';
import type { Sale } from '../plans/plan-sale.ts';
import type { Fields } from '../servers/database/evaluate-expression.ts';
import type { SimulatedDatabase } from '../servers/database/simulated-database.ts';
import type { World } from '../world/world.ts';
import type { AskedOrder, OrderRef } from './asked-order.ts';
import { checkCommit } from './check-commit.ts';

// Who asks while a read is under way shares it: it may have begun a call's deadline ago. A batch waits 300 ms for its stocks.
const SHARED_LOAD_MS = 3000;

/** Whether the answer says that nothing was written. */
function isTurnedAway(answer: BuyAnswer): boolean {
  return answer.kind === 'busy' || (answer.kind === 'refused' && answer.refused !== 'NO_SUCH_STOCK');
}

const CONFIRMED_STATES = new Set<string>(CONFIRMED_ORDER_STATES);

/** A promise that was broken, and how. */
export type Broken = { invariant: string; detail: string };

/** Holds what is committed and what is told against what DESIGN promises. */
export type InvariantChecks = {
  broken(): Broken | null;
  fail(invariant: string, detail: string): void;
  /** A buyer sends a request for this number, and claims to be on his first attempt or not. */
  asks(order: OrderRef, maxPriceCents: number | null): void;
  /** A request of the number has just met a stock that was read as sold out. */
  meetsSoldOut(orderNo: string, mayBeKnown: boolean): void;
  polls(orderNo: string): void;
  /** A buyer was told that this number will never be decided. */
  neverDecided(order: OrderRef): void;
  /** A consumer sends this number as an order that takes no unit. */
  takesNoUnit(orderNo: string): void;
  /** A provider puts an order on the log, and says that the database's clock was at least there. */
  stamps(orderNo: string, stampMs: number): void;
  /** A buyer was answered at this moment; he had asked at `askedMs`. */
  answered(order: OrderRef, bought: BuyAnswer, askedMs: number): void;
  decided(order: OrderRef, decided: DecidedOrder): void;
  paid(orderNo: string): void;
  /** A consumer has just used a stock read that it believes to be fresh. */
  usedStock(sid: number, version: number): void;
};

export function createInvariantChecks(
  world: World,
  database: SimulatedDatabase,
  sale: Sale,
  staleMs: number,
): InvariantChecks {
  const { time, trace } = world;
  let broken: Broken | null = null;
  const soldOutPublished = new Set<string>();
  const leftSince = new Map(sale.stocks.map(({ sid, count }) => [sid, [{ fromMs: 0, left: count, version: 0 }]]));

  function fail(invariant: string, detail: string): void {
    if (broken) return;
    broken = { invariant, detail };
    trace.add(() => `✗ ${invariant}: ${detail}`);
  }

  const asked = new Map<string, AskedOrder>();
  const takingNoUnit = new Set<string>();
  const check = checkCommit({ world, database, asked, soldOutPublished, takingNoUnit, fail });
  database.onCommit((changes) => {
    for (const { table, after } of changes) {
      if (table !== 'stock' || !after) continue;
      const left = Number(after.count) - Number(after.sale);
      leftSince.get(Number(after.id))?.push({ fromMs: time.nowMs(), left, version: Number(after.version) });
    }
    check(changes);
    trace.add(() => `commit: ${changes.map(({ table, after }) => describe(table, after)).join(', ')}`);
  });

  const isLadder = (sid: number) => sale.stocks.some((stock) => stock.sid === sid && stock.kind === 'ladder');

  /** Whether there was a moment since `fromMs` at which nothing was left. */
  function wasSoldOutSince(sid: number, fromMs: number): boolean {
    const history = leftSince.get(sid) ?? [];
    return history.some(({ left }, i) => left <= 0 && (history[i + 1]?.fromMs ?? Number.POSITIVE_INFINITY) >= fromMs);
  }

  function decided({ orderNo, sid, buyer }: OrderRef, told: DecidedOrder): void {
    const row = database.rowOf('stock_order', orderNo);
    const { decision, liveOrderNo } = told;
    trace.add(() => `${buyer}: ${orderNo.slice(-4)} is ${decision}`);
    if (told.orderNo !== orderNo) fail('an answer is of the order asked for', `${told.orderNo} for ${orderNo}`);
    switch (decision) {
      case 'CONFIRMED':
        if (!row || !CONFIRMED_STATES.has(String(row.state))) {
          fail('a 201 is a committed row', `${orderNo} of stock ${sid} is ${row?.state ?? 'not there'}`);
        }
        return;
      case 'SOLD_OUT':
      case 'PAUSED':
      case 'NOT_OPEN':
      case 'CLOSED':
      case 'PRICE_ABOVE_MAX':
        soldOutPublished.add(orderNo);
        if (row?.state !== decision.toLowerCase())
          fail('a refusal is a committed row', `${orderNo} is ${row?.state ?? 'not there'}`);
        return;
      case 'DUPLICATE': {
        const live = database.rowOf('stock_order', liveOrderNo ?? '');
        if (live?.buyer !== buyer || live.sid !== sid) {
          fail('a 200 names an order that the buyer has', `${liveOrderNo} for ${orderNo} of ${buyer}`);
        }
        return;
      }
      default:
        decision satisfies never;
    }
  }

  return {
    decided,
    asks({ orderNo, buyer }, maxPriceCents) {
      const known = asked.get(orderNo);
      if (known) known.askedAgain = true;
      const first = { firstAskedMs: time.nowMs(), metSoldOut: false, askedAgain: false, turnedAway: false };
      asked.set(orderNo, known ?? { buyer, maxPriceCents, ...first });
    },
    meetsSoldOut(orderNo, mayBeKnown) {
      const known = asked.get(orderNo);
      if (known && mayBeKnown) known.metSoldOut = true;
    },
    polls(orderNo) {
      const known = asked.get(orderNo);
      if (known) known.askedAgain = true;
    },
    neverDecided({ orderNo, sid }) {
      if (!isLadder(sid)) fail('every 202 gets an answer', `${orderNo} will never be decided`);
    },
    takesNoUnit: (orderNo) => void takingNoUnit.add(orderNo),
    stamps(orderNo, stampMs) {
      const aheadMs = stampMs - database.nowMs();
      if (aheadMs > 0) fail("a stamp is never ahead of the database's clock", `${orderNo}: by ${aheadMs} ms`);
    },
    broken: () => broken,
    fail,
    answered(order, bought, askedMs) {
      const { orderNo, sid, buyer } = order;
      const known = asked.get(orderNo);
      const answer = bought.kind === 'refused' ? bought.refused : bought.kind;
      if (known && isTurnedAway(bought)) {
        known.turnedAway = true;
        if (!known.askedAgain && database.rowOf('stock_order', orderNo)) {
          fail('who is turned away has no order', `${orderNo} of ${buyer} was answered ${answer}`);
        }
      }
      if (bought.kind === 'decided') return decided(order, bought.decided);
      trace.add(() => `${buyer}: ${orderNo.slice(-4)} is answered ${answer}`);
      if (answer === 'NO_SUCH_STOCK' && !isLadder(sid))
        fail('answers are true', `${buyer} was told there is no stock ${sid}`);
      if (answer !== 'SOLD_OUT') return;
      soldOutPublished.add(orderNo);
      const row = database.rowOf('stock_order', orderNo);
      if (row && row.state !== 'sold_out') fail('told sold out, never confirmed', `${orderNo} is ${row.state}`);
      if (!wasSoldOutSince(sid, askedMs - staleMs - SHARED_LOAD_MS)) {
        fail('a returned unit is on sale again within a second', `${buyer} was told that stock ${sid} is sold out`);
      }
    },
    usedStock(sid, version) {
      const history = leftSince.get(sid) ?? [];
      const at = history.findLastIndex((one) => one.version === version);
      const untilMs = history[at + 1]?.fromMs ?? Number.POSITIVE_INFINITY;
      const ageMs = time.nowMs() - untilMs;
      if (at < 0 || ageMs > staleMs)
        fail('a stock read is used for a second', `stock ${sid}: ${Math.round(ageMs)} ms old`);
    },
    paid(orderNo) {
      const state = database.rowOf('stock_order', orderNo)?.state;
      if (state !== 'paid') fail('what was paid stays paid', `${orderNo} is ${state}`);
    },
  };
}

/** Numbers of the ladder are not made from the seed. */
function nameOf(order: Fields | null): string {
  const { order_no: orderNo, buyer, sid } = order ?? {};
  return orderNo === buyer ? `ladder order of ${sid}` : `${String(orderNo).slice(-4)} of ${buyer}`;
}

function describe(table: string, after: Fields | null): string {
  if (table === 'stock') return `stock ${after?.id} ${after?.sale}/${after?.count} v${after?.version}`;
  if (table === 'stock_order') return `${nameOf(after)} ${after?.state}`;
  return table;
}
