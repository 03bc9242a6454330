import type { BuyAnswer } from '../../../../consumer/orders/buy-answer.ts';
import type { DecidedOrder } from '../../../../db/orders/decide-batch.ts';
import type { Sale } from '../plans/plan-sale.ts';
import type { SimulatedDatabase } from '../servers/database/simulated-database.ts';
import type { SimulatedGateway } from '../servers/gateway/simulated-gateway.ts';
import type { World } from '../world/world.ts';
import type { AskedOrder, AskedTerms, OrderRef } from './asked-order.ts';
import { checkAnswer, nameOf } from './check-answer.ts';
import { checkCommit } from './check-commit.ts';
import { checkDecided } from './check-decided.ts';
import { createEventChecks, type EventChecks } from './check-events.ts';
import { checkOffers } from './check-offers.ts';
import { createSessionChecks, type SessionChecks } from './check-sessions.ts';
import { describeChanges } from './describe-changes.ts';
import { createStockHistory } from './stock-history.ts';

export type Broken = { invariant: string; detail: string };

/** Compares everything that is committed or answered with the invariants. The first broken one counts. */
export type InvariantChecks = {
  broken(): Broken | null;
  fail(invariant: string, detail: string): void;
  /** A buyer sent a request for this number. */
  requested(order: OrderRef, terms: AskedTerms): void;
  /** A request met a stock that was read as sold out; `mayBeKnown`: it claims to be a repeat. */
  metSoldOut(orderNo: string, mayBeKnown: boolean): void;
  polled(orderNo: string): void;
  /** The answer to a poll: the number will never be decided. */
  neverDecided(order: OrderRef): void;
  /** A consumer sends this number as an order that takes no unit. */
  takesNoUnit(orderNo: string): void;
  /** A provider appends an order with this lower bound of the database's clock. */
  stamped(orderNo: string, stampMs: number): void;
  /** A buyer received the answer to a request sent at `askedMs`. */
  answered(order: OrderRef, answer: BuyAnswer, askedMs: number): void;
  /** A buyer received a decision. */
  decided(order: OrderRef, decided: DecidedOrder): void;
  paid(orderNo: string): void;
  events: EventChecks;
  sessions: SessionChecks;
  /** A consumer used a stock read as fresh. */
  usedStock(sid: number, version: number): void;
};

export function createInvariantChecks(
  world: World,
  database: SimulatedDatabase,
  sale: Sale,
  staleMs: number,
  gateway: SimulatedGateway,
): InvariantChecks {
  const { time, trace } = world;
  let broken: Broken | null = null;
  const history = createStockHistory(time, sale.stocks);
  const asked = new Map<string, AskedOrder>();
  const refusedNumbers = new Set<string>();
  const takingNoUnit = new Set<string>();

  function fail(invariant: string, detail: string): void {
    if (broken) return;
    broken = { invariant, detail };
    trace.add(() => `✗ ${invariant}: ${detail}`);
  }

  const options = { world, database, sale, staleMs, history, asked, refusedNumbers, takingNoUnit, fail };
  const events = createEventChecks({ database, fail });
  const sessions = createSessionChecks({ database, fail }, gateway);
  const checkChanges = checkCommit(options);
  const checkOffered = checkOffers(options);
  const checkDecision = checkDecided(options);
  const checkAnswered = checkAnswer(options);
  database.onCommit((changes) => {
    for (const { table, after } of changes) {
      if (table !== 'stock' || !after) continue;
      history.add(Number(after.id), Number(after.count) - Number(after.sale), Number(after.version));
    }
    checkChanges(changes);
    checkOffered(changes);
    events.committed(changes);
    sessions.committed(changes);
    trace.add(() => describeChanges(changes));
  });

  const isLadder = (sid: number) => sale.stocks.some((stock) => stock.sid === sid && stock.kind === 'ladder');

  function decided(order: OrderRef, decision: DecidedOrder): void {
    trace.add(() => `${order.buyer}: ${order.orderNo.slice(-4)} is ${decision.decision}`);
    checkDecision(order, decision);
  }

  function askedAgain(orderNo: string): void {
    const known = asked.get(orderNo);
    if (known) known.askedAgain = true;
  }

  return {
    decided,
    fail,
    events,
    sessions,
    broken: () => broken,
    requested({ orderNo, buyer }, terms) {
      askedAgain(orderNo);
      if (asked.has(orderNo)) return;
      const flags = { metSoldOut: false, askedAgain: false, turnedAway: false };
      asked.set(orderNo, { buyer, ...terms, firstAskedMs: time.nowMs(), ...flags });
    },
    metSoldOut(orderNo, mayBeKnown) {
      const known = asked.get(orderNo);
      if (known && mayBeKnown) known.metSoldOut = true;
    },
    polled: askedAgain,
    neverDecided({ orderNo, sid }) {
      const { quantity = 1 } = asked.get(orderNo) ?? {};
      const { maxPerOrder = 1 } = sale.stocks.find((stock) => stock.sid === sid) ?? {};
      if (!isLadder(sid) && quantity <= maxPerOrder)
        fail('every 202 gets an answer', `${orderNo} will never be decided`);
    },
    takesNoUnit: (orderNo) => void takingNoUnit.add(orderNo),
    stamped(orderNo, stampMs) {
      const aheadMs = stampMs - database.nowMs();
      if (aheadMs > 0) fail("a stamp is never ahead of the database's clock", `${orderNo}: by ${aheadMs} ms`);
    },
    answered(order, answer, askedMs) {
      if (answer.kind === 'decided') return decided(order, answer.decided);
      trace.add(() => `${order.buyer}: ${order.orderNo.slice(-4)} is answered ${nameOf(answer)}`);
      checkAnswered(order, answer, askedMs);
    },
    usedStock(sid, version) {
      const ageMs = history.staleForMs(sid, version);
      if (ageMs > staleMs) {
        fail('a stock read is used for at most a second', `stock ${sid}: ${Math.round(ageMs)} ms old`);
      }
    },
    paid(orderNo) {
      const state = database.rowOf('stock_order', orderNo)?.state;
      if (state !== 'paid') fail('a paid order stays paid', `${orderNo} is ${state}`);
    },
  };
}
