import t from 'tap';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { createTestDatabase, type TestDatabase } from '../../ci/testing/servers/test-database.ts';
import { createSeededRandom } from '../../ci/verify/simulate/world/seeded-random.ts';
import { realClock } from '../../proto/process/clock.ts';
import type { Session } from '../mysql/database.ts';
import { cancelOrder } from '../orders/cancel-order.ts';
import { decideOrders } from '../orders/decide-orders.ts';
import { expireOrders } from '../orders/expire-orders.ts';
import { recordPayments } from './record-payments.ts';
import { refundOrder } from './refund-order.ts';
import { startPayments } from './start-payments.ts';

const ORDERS = 6;
const STEPS = 30;
const CALLS = 8;
const SEEDS = 12;

type StartCall = { order: number; buyer: number };
type EventCall = { order: number; payment: number | 'own'; event: number; cents: number; currency: string };
/** Payments that arrive together, or another change of one order. */
type Step =
  | { kind: 'start'; calls: StartCall[] }
  | { kind: 'record'; calls: EventCall[] }
  | { kind: 'expire' | 'cancel' | 'refund'; order: number };

const priceOf = (order: number) => 100 + order;

function planSteps(seed: number): Step[] {
  const { whole, chance, pick } = createSeededRandom(seed);
  const anyOrder = () => whole(0, ORDERS - 1);
  const start = (): StartCall => {
    const order = anyOrder();
    return { order, buyer: chance(0.9) ? order : anyOrder() };
  };
  const event = (): EventCall => {
    const order = anyOrder();
    const payment = chance(0.8) ? 'own' : whole(0, 2 * ORDERS);
    const [cents, currency] = [chance(0.85) ? priceOf(order) : 7, chance(0.95) ? 'EUR' : 'CNY'];
    return { order, payment, event: whole(0, 60), cents, currency };
  };
  return Array.from({ length: STEPS }, (): Step => {
    const kind = pick(['start', 'start', 'record', 'record', 'record', 'expire', 'cancel', 'refund'] as const);
    const length = whole(1, CALLS);
    if (kind === 'start') return { kind, calls: Array.from({ length }, start) };
    if (kind === 'record') return { kind, calls: Array.from({ length }, event) };
    return { kind, order: anyOrder() };
  });
}

/** Runs the steps in one database. `size`: the number of payments in one transaction. Returns all answers. */
async function runSteps({ mysql, database }: TestDatabase, seed: number, steps: Step[], size: number) {
  const orderNo = (order: number) => `${seed}-order-${order}`;
  const buyer = (order: number) => `buyer-${order}`;
  for (let order = 0; order < ORDERS; order += 1) {
    const sid = 1000 * seed + order + 1;
    await createTestStock(mysql, { sid, count: 2, priceCents: priceOf(order), currency: 'EUR' });
    const request = { orderNo: orderNo(order), sid, buyer: buyer(order), mintedAtMs: 0, partition: null, offset: null };
    const options = { clock: realClock, random: Math.random, decidedBy: 'direct', payWithinMs: 900_000 } as const;
    await decideOrders(database, [request], { ...options, beforeTry: () => undefined });
  }
  const paymentIds: string[] = [];
  const startedOf = new Map<string, string>();
  const newId = () => {
    paymentIds.push(`pay-${seed}-${paymentIds.length}`);
    return paymentIds.at(-1) as string;
  };
  const together = async <Call, Answer>(
    calls: Call[],
    work: (session: Session, calls: Call[]) => Promise<Answer[]>,
  ) => {
    const answers: Answer[] = [];
    for (let first = 0; first < calls.length; first += size) {
      answers.push(...(await database.transaction((session) => work(session, calls.slice(first, first + size)))));
    }
    return answers;
  };
  const run = async (step: Step): Promise<unknown[]> => {
    switch (step.kind) {
      case 'start': {
        const calls = step.calls.map((call) => ({ orderNo: orderNo(call.order), buyer: buyer(call.buyer) }));
        const answers = await together(calls, (session, some) => startPayments(session, some, 'skip', newId));
        return answers.map((answer) => {
          if (answer?.outcome !== 'STARTED') return answer?.outcome;
          startedOf.set(answer.order.orderNo, answer.payment.paymentId);
          const { paymentId, amountCents, currency } = answer.payment;
          return { paymentId, amountCents, currency };
        });
      }
      case 'record': {
        const calls = step.calls.map(({ order, payment, event, cents, currency }) => ({
          eventId: `event-${seed}-${event}`,
          orderNo: orderNo(order),
          paymentId:
            (payment === 'own' ? startedOf.get(orderNo(order)) : paymentIds[payment]) ??
            `lost-${seed}-${payment}-${order}`,
          amountCents: cents,
          currency,
        }));
        return together(calls, (session, some) => recordPayments(session, some, 'skip'));
      }
      case 'expire':
        await mysql.raw('UPDATE stock_order SET pay_by = NOW(3) - INTERVAL 1 HOUR WHERE order_no = ?', [
          orderNo(step.order),
        ]);
        await expireOrders(database, { onExpired: () => undefined, onError: (_, error) => t.fail(String(error)) });
        return [];
      case 'cancel':
        return [(await cancelOrder(database, orderNo(step.order), buyer(step.order))).outcome];
      case 'refund':
        return [(await refundOrder(database, orderNo(step.order), 'by hand')).outcome];
      default:
        return step satisfies never;
    }
  };
  const answers: unknown[] = [];
  for (const step of steps) answers.push(...(await run(step)));
  return answers;
}

/** All rows that payments read or write, without times; of a time only whether it is set. */
async function readRows({ mysql }: TestDatabase): Promise<Record<string, unknown>> {
  const queries = {
    stock: 'SELECT id, sale, version FROM stock ORDER BY id',
    stock_order: `SELECT order_no, state, live, price_cents, paid_at IS NULL AS unpaid, ended_at IS NULL AS active
      FROM stock_order ORDER BY order_no`,
    payment: `SELECT payment_id, order_no, amount_cents, currency, state, paid_cents, paid_currency, reason,
      next_try_at IS NULL AS rests, paid_at IS NULL AS unpaid FROM payment ORDER BY payment_id`,
    payment_event: `SELECT event_id, payment_id, order_no, amount_cents, currency, outcome FROM payment_event ORDER BY event_id`,
    order_event: 'SELECT order_no, type, sid, buyer, price_cents FROM order_event ORDER BY order_no, type',
  };
  const tables = Object.entries(queries).map(async ([table, sql]) => [table, (await mysql.raw(sql))[0]] as const);
  return Object.fromEntries(await Promise.all(tables));
}

t.test('payments in batches give the same answers and rows as one by one', { timeout: 120_000 }, async (t) => {
  const [batched, single] = [await createTestDatabase(t), await createTestDatabase(t)];
  const seen = new Set<unknown>();
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const steps = planSteps(seed);
    const [together, alone] = await Promise.all([
      runSteps(batched, seed, steps, CALLS),
      runSteps(single, seed, steps, 1),
    ]);
    t.same(together, alone, `answers of seed ${seed}`);
    for (const answer of together) seen.add((answer as { outcome?: unknown })?.outcome ?? answer);
  }
  t.same(await readRows(batched), await readRows(single));
  for (const outcome of [
    'PAID',
    'ALREADY_PAID',
    'PAYMENT_REFUNDED',
    'WRONG_AMOUNT',
    'NO_PAYMENT',
    'NOT_PAYABLE',
    'NO_ORDER',
  ]) {
    t.ok(seen.has(outcome), `${outcome} happened`);
  }
});
