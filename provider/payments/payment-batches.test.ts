import t from 'tap';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { sellUnits } from '../../ci/testing/orders/sell-units.ts';
import { createTestDatabase } from '../../ci/testing/servers/test-database.ts';
import type { Database } from '../../db/mysql/database.ts';
import { realPace } from '../../db/mysql/repeat-transaction.ts';
import { expireOrders } from '../../db/orders/expire-orders.ts';
import type { PaymentEvent } from '../../db/payments/payment-event-table.ts';
import { QueueFullError } from '../../proto/process/batcher.ts';
import { createPaymentBatches } from './payment-batches.ts';

const { database, mysql } = await createTestDatabase(t);
const ORDERS = 40;

/** Payments of a database whose transactions are counted. `around` replaces how one runs. */
function createBatches(around: <T>(run: () => Promise<T>) => Promise<T> = (run) => run()) {
  const counted = { transactions: 0 };
  const transaction: Database['transaction'] = (work) => {
    counted.transactions += 1;
    return around(() => database.transaction(work));
  };
  const batches = createPaymentBatches({ database: { ...database, transaction }, connections: 3, pace: realPace });
  return { ...batches, counted };
}

/** Orders of buyers 0, 1, …, each with another price, so that no two payments have the same amount. */
async function sold(count = ORDERS) {
  const orders: { orderNo: string; buyer: string; amountCents: number }[] = [];
  for (let i = 0; i < count; i += 1) {
    const amountCents = 100 + i;
    const sid = await createTestStock(mysql, { count: 1, priceCents: amountCents, currency: 'EUR' });
    const buyer = `buyer-${i}`;
    const [orderNo = ''] = await sellUnits(mysql, sid, [buyer]);
    orders.push({ orderNo, buyer, amountCents });
  }
  return orders;
}

async function startAll(orders: { orderNo: string; buyer: string }[]): Promise<PaymentEvent[]> {
  const { start } = createBatches();
  return Promise.all(
    orders.map(async ({ orderNo, buyer }) => {
      const started = await start({ orderNo, buyer });
      if (started.outcome !== 'STARTED') throw new Error(started.outcome);
      const { paymentId, amountCents, currency } = started.payment;
      return { eventId: `e-${paymentId}`, paymentId, orderNo, amountCents, currency };
    }),
  );
}

async function statesOf(orders: { orderNo: string }[]): Promise<string[]> {
  const [rows] = await mysql.raw(
    `SELECT o.state AS o, p.state AS p, p.paid_cents = o.price_cents AND p.amount_cents = o.price_cents AS same
     FROM stock_order o JOIN payment p ON p.order_no = o.order_no WHERE o.order_no IN (?)`,
    [orders.map(({ orderNo }) => orderNo)],
  );
  return rows.map(({ o, p, same }: Record<string, unknown>) => `${o} ${p} ${same}`);
}

const allPaid = (count: number) => Array(count).fill('paid paid 1');

t.test('payments that arrive together share transactions, and each keeps its own amount', async (t) => {
  const orders = await sold();
  const { start, record, counted } = createBatches();
  const started = await Promise.all(orders.map(start));
  t.ok(counted.transactions <= 2, `${counted.transactions} transactions`);
  t.same(
    started.map((each) => each.outcome === 'STARTED' && [each.payment.orderNo, each.payment.amountCents]),
    orders.map(({ orderNo, amountCents }) => [orderNo, amountCents]),
  );
  const events = await startAll(orders);
  counted.transactions = 0;
  const recorded = await Promise.all([...events, ...events].map(record));
  t.ok(counted.transactions <= 2, `${counted.transactions} transactions`);
  t.same(
    recorded.map(({ outcome, repeatedEvent }) => `${outcome} ${repeatedEvent}`),
    [...Array(ORDERS).fill('PAID false'), ...Array(ORDERS).fill('PAID true')],
  );
  t.same(await statesOf(orders), allPaid(ORDERS));
});

t.test('a payment that the database refuses fails alone', async (t) => {
  const orders = await sold();
  const events = await startAll(orders);
  events[7] = { ...(events[7] as PaymentEvent), currency: '€' };
  const results = await Promise.allSettled(events.map(createBatches().record));
  t.same(
    results.flatMap(({ status }, i) => (status === 'rejected' ? [i] : [])),
    [7],
  );
  t.same(await statesOf(orders.toSpliced(7, 1)), allPaid(ORDERS - 1));
  t.same(await statesOf(orders.slice(7, 8)), ['awaiting_payment started null']);
});

t.test('a payment of a locked order waits alone', async (t) => {
  const orders = await sold();
  const events = await startAll(orders);
  const { record } = createBatches();
  const answered: string[] = [];
  const locked = await database.transaction(async (session) => {
    await session.rows('SELECT order_no FROM stock_order WHERE order_no = ? FOR UPDATE', [events[3]?.orderNo]);
    const waiting = record(events[3] as PaymentEvent).then(() => answered.push('locked'));
    const others = await Promise.all(events.toSpliced(3, 1).map(record));
    t.ok(others.every(({ outcome }) => outcome === 'PAID'));
    answered.push('others');
    return { waiting };
  });
  await locked.waiting;
  t.same(answered, ['others', 'locked']);
  t.same(await statesOf(orders), allPaid(ORDERS));
});

t.test('after an unknown COMMIT each payment is answered with what was written', async (t) => {
  const orders = await sold();
  let lost = 0;
  // The first transaction is committed, and its answer is lost.
  const loseFirst = async <T>(run: () => Promise<T>): Promise<T> => {
    const result = await run();
    lost += 1;
    if (lost === 1)
      throw Object.assign(new Error('Connection lost'), { code: 'PROTOCOL_CONNECTION_LOST', fatal: true });
    return result;
  };
  const started = await Promise.all(orders.map(createBatches(loseFirst).start));
  const [[{ n }]] = await mysql.raw('SELECT COUNT(*) AS n FROM payment WHERE order_no IN (?)', [
    orders.map(({ orderNo }) => orderNo),
  ]);
  t.equal(n, ORDERS, 'no payment was started twice');
  t.ok(started.every(({ outcome }) => outcome === 'STARTED'));
  lost = 0;
  const recorded = await Promise.all((await startAll(orders)).map(createBatches(loseFirst).record));
  t.same(recorded, Array(ORDERS).fill({ outcome: 'PAID', repeatedEvent: true }));
  t.same(await statesOf(orders), allPaid(ORDERS));
});

t.test('payments and expiry end each order once, without a deadlock', async (t) => {
  const orders = await sold();
  const events = await startAll(orders);
  const { record } = createBatches();
  const failed: unknown[] = [];
  const expire = async () => {
    for (let i = 0; i < 10; i += 1) {
      await expireOrders(database, { onExpired: () => undefined, onError: (_, error) => failed.push(error) });
    }
  };
  await mysql.raw('UPDATE stock_order SET pay_by = NOW(3) WHERE order_no IN (?)', [
    orders.map(({ orderNo }) => orderNo),
  ]);
  const [recorded] = await Promise.all([Promise.all(events.toReversed().map(record)), expire(), expire()]);
  t.same(failed, []);
  t.ok(recorded.every(({ outcome }) => outcome === 'PAID' || outcome === 'PAYMENT_REFUNDED'));
  const states = await statesOf(orders);
  t.equal(
    states.filter((state) => state === 'paid paid 1').length,
    recorded.filter((r) => r.outcome === 'PAID').length,
  );
  t.ok(states.every((state) => state === 'paid paid 1' || state === 'expired refund_due 1'));
});

t.test('a full queue refuses further payments', async (t) => {
  const { record } = createBatches();
  const event = { eventId: 'e', paymentId: 'p', orderNo: 'none', amountCents: 1, currency: 'EUR' };
  const results = await Promise.allSettled(Array.from({ length: 1500 }, () => record(event)));
  const full = results.filter((result) => result.status === 'rejected' && result.reason instanceof QueueFullError);
  t.equal(full.length, 500);
});
