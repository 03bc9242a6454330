import t from 'tap';
import { auditStock } from '../../ci/testing/orders/audit-stock.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { sellUnits } from '../../ci/testing/orders/sell-units.ts';
import { createTestDatabase } from '../../ci/testing/servers/test-database.ts';
import { createDatabase } from '../mysql/database.ts';
import { cancelOrder } from '../orders/cancel-order.ts';
import type { PaymentEvent } from './payment-event-table.ts';
import { recordPayment } from './record-payments.ts';
import { claimRefunds, finishRefund } from './refund-table.ts';
import { startPayment } from './start-payments.ts';

const { database, mysql } = await createTestDatabase(t);
const MS = 10_000;

async function started(buyer = 'ann', payWithinMs?: number) {
  const sid = await createTestStock(mysql, { count: 5, priceCents: 1999, currency: 'EUR' });
  const [orderNo = ''] = await sellUnits(mysql, sid, [buyer], payWithinMs);
  const result = await startPayment(database, { orderNo, buyer });
  if (result.outcome !== 'STARTED') throw new Error(result.outcome);
  const { paymentId } = result.payment;
  const event: PaymentEvent = { eventId: `e-${paymentId}`, paymentId, orderNo, amountCents: 1999, currency: 'EUR' };
  return { sid, orderNo, paymentId, event, result };
}

const record = (event: PaymentEvent) => recordPayment(database, event);
async function row(table: 'payment' | 'stock_order', column: string, value: string) {
  const [[found]] = await mysql.raw('SELECT * FROM ?? WHERE ?? = ?', [table, column, value]);
  return found;
}

t.test('a payment is started once for an order, also by 10 concurrent clicks', async (t) => {
  const { orderNo, paymentId, result } = await started();
  t.match(result, { payment: { amountCents: 1999, currency: 'EUR' }, order: { state: 'awaiting_payment' } });
  const again = await Promise.all(Array.from({ length: 10 }, () => startPayment(database, { orderNo, buyer: 'ann' })));
  t.ok(again.every((start) => start.outcome === 'STARTED' && start.payment.paymentId === paymentId));
  const sid = await createTestStock(mysql);
  const [fresh = ''] = await sellUnits(mysql, sid, ['bob']);
  await Promise.all(Array.from({ length: 10 }, () => startPayment(database, { orderNo: fresh, buyer: 'bob' })));
  const [rows] = await mysql.raw('SELECT payment_id FROM payment WHERE order_no = ?', [fresh]);
  t.equal(rows.length, 1);
});

t.test('only the buyer can start a payment, only while the order can be paid', async (t) => {
  const { orderNo } = await started();
  t.same(await startPayment(database, { orderNo, buyer: 'bob' }), { outcome: 'NO_ORDER' });
  t.same(await startPayment(database, { orderNo: 'no-such-order', buyer: 'bob' }), { outcome: 'NO_ORDER' });
  await cancelOrder(database, orderNo, 'ann');
  t.match(await startPayment(database, { orderNo, buyer: 'ann' }), {
    outcome: 'NOT_PAYABLE',
    order: { state: 'cancelled' },
  });
  const sid = await createTestStock(mysql);
  const [late = ''] = await sellUnits(mysql, sid, ['ann'], -1000);
  t.match(await startPayment(database, { orderNo: late, buyer: 'ann' }), {
    outcome: 'NOT_PAYABLE',
    order: { state: 'awaiting_payment' },
  });
});

t.test('a payment pays its order and does not change the stock', async (t) => {
  const { sid, orderNo, paymentId, event } = await started();
  const before = await auditStock(mysql, sid);
  t.same(await record(event), { outcome: 'PAID', repeatedEvent: false });
  const { version, sale, live } = await auditStock(mysql, sid);
  t.same([version, sale, live], [before.version, 1, 1]);
  t.match(await row('stock_order', 'order_no', orderNo), { state: 'paid', live: 1 });
  t.match(await row('payment', 'payment_id', paymentId), { state: 'paid', paid_cents: 1999, paid_currency: 'EUR' });
  t.ok((await row('stock_order', 'order_no', orderNo)).paid_at);
});

t.test('a repeated event gets the same answer', async (t) => {
  const { orderNo, event } = await started();
  await record(event);
  t.same(await record(event), { outcome: 'PAID', repeatedEvent: true });
  t.same(await record({ ...event, amountCents: 1 }), { outcome: 'PAID', repeatedEvent: true });
  t.same(await record({ ...event, eventId: `${event.eventId}-2` }), { outcome: 'ALREADY_PAID', repeatedEvent: false });
  t.match(await row('stock_order', 'order_no', orderNo), { state: 'paid' });
});

t.test('20 concurrent webhooks of two events record one payment', async (t) => {
  const { orderNo, event } = await started();
  const events = Array.from({ length: 20 }, (_, i) => ({ ...event, eventId: `${event.eventId}-${i % 2}` }));
  const results = await Promise.all(events.map(record));
  const first = results.filter(({ repeatedEvent }) => !repeatedEvent).map(({ outcome }) => outcome);
  t.same(first.sort(), ['ALREADY_PAID', 'PAID']);
  for (const which of [0, 1]) {
    t.equal(new Set(results.filter((_, i) => i % 2 === which).map(({ outcome }) => outcome)).size, 1);
  }
  const [events2] = await mysql.raw(`SELECT type FROM order_event WHERE order_no = ? AND type = 'paid'`, [orderNo]);
  t.equal(events2.length, 1);
});

for (const [what, change] of [
  ['amount', { amountCents: 1998 }],
  ['currency', { currency: 'CNY' }],
] as const) {
  t.test(`another ${what} pays nothing: the money is refunded, and a new payment can be started`, async (t) => {
    const { orderNo, paymentId, event } = await started();
    t.match(await record({ ...event, ...change }), { outcome: 'WRONG_AMOUNT' });
    t.match(await row('stock_order', 'order_no', orderNo), { state: 'awaiting_payment' });
    const { amountCents, currency } = { ...event, ...change };
    t.match(await row('payment', 'payment_id', paymentId), {
      state: 'refund_due',
      paid_cents: amountCents,
      paid_currency: currency,
      reason: /paid, not 1999 EUR/,
    });
    const next = await startPayment(database, { orderNo, buyer: 'ann' });
    t.equal(next.outcome, 'STARTED');
    t.ok(next.outcome === 'STARTED' && next.payment.paymentId !== paymentId);
  });
}

t.test('a late payment is recorded and refunded', async (t) => {
  const { orderNo, paymentId, event } = await started();
  await cancelOrder(database, orderNo, 'ann');
  t.match(await record(event), { outcome: 'PAYMENT_REFUNDED' });
  t.match(await record({ ...event, eventId: `${event.eventId}-2` }), { outcome: 'PAYMENT_REFUNDED' });
  t.match(await row('stock_order', 'order_no', orderNo), { state: 'cancelled' });
  t.match(await row('payment', 'payment_id', paymentId), { state: 'refund_due', reason: 'the order is cancelled' });
});

t.test('a payment after the time to pay counts until the worker expires the order', async (t) => {
  const { orderNo, event } = await started();
  await mysql.raw('UPDATE stock_order SET pay_by = NOW(3) - INTERVAL 1 SECOND WHERE order_no = ?', [orderNo]);
  t.match(await record(event), { outcome: 'PAID' });
});

t.test('a second payment of a paid order is refunded', async (t) => {
  const { orderNo, event } = await started();
  await mysql.raw(
    `INSERT INTO payment (payment_id, order_no, amount_cents, currency, state) VALUES ('second', ?, 1999, 'EUR', 'started')`,
    [orderNo],
  );
  const both = await Promise.all([record(event), record({ ...event, eventId: 'second-e', paymentId: 'second' })]);
  t.same(both.map(({ outcome }) => outcome).sort(), ['PAID', 'PAYMENT_REFUNDED']);
  const [states] = await mysql.raw('SELECT state, reason FROM payment WHERE order_no = ? ORDER BY state', [orderNo]);
  t.match(states, [
    { state: 'paid', reason: null },
    { state: 'refund_due', reason: 'paid by another payment' },
  ]);
});

t.test(
  'a payment of another order is NO_PAYMENT, and one of an unknown order is kept once, also by 10 concurrent events',
  async (t) => {
    const { event } = await started();
    const { orderNo } = await started();
    t.same(await record({ ...event, orderNo }), { outcome: 'NO_PAYMENT', repeatedEvent: false });
    const stray = { ...event, eventId: `${event.eventId}-x`, orderNo: 'no-such-order' };
    const results = await Promise.all(Array.from({ length: 10 }, () => record(stray)));
    t.ok(results.every(({ outcome }) => outcome === 'KEPT'));
    t.equal(results.filter(({ repeatedEvent }) => !repeatedEvent).length, 1);
  },
);

t.test('a refund is claimed once, and again after growing pauses until it is done', async (t) => {
  await mysql.raw(`DELETE FROM payment WHERE state = 'refund_due'`);
  const { orderNo, paymentId, event } = await started();
  await cancelOrder(database, orderNo, 'ann');
  await record(event);
  const claim = async () => {
    const claimed = await createDatabase({ mysql, statementMs: MS }).transaction((session) =>
      claimRefunds(session, { gateway: 'sandbox', limit: 10, leaseSeconds: 30, maxSeconds: 100 }),
    );
    return claimed as Exclude<typeof claimed, symbol>;
  };
  const atOnce = (await Promise.all([claim(), claim(), claim()])).flat();
  t.same(atOnce, [
    { paymentId, orderNo, amountCents: 1999, currency: 'EUR', sessionId: null, chargeId: null, tries: 0 },
  ]);
  t.same(await claim(), [], 'not due yet');
  const waits: number[] = [];
  for (let tries = 0; tries < 3; tries += 1) {
    const [[{ wait }]] = await mysql.raw(
      'SELECT TIMESTAMPDIFF(SECOND, NOW(3), next_try_at) AS wait FROM payment WHERE payment_id = ?',
      [paymentId],
    );
    waits.push(Math.ceil((wait + 1) / 10) * 10);
    await mysql.raw('UPDATE payment SET next_try_at = NOW(3) WHERE payment_id = ?', [paymentId]);
    t.match(await claim(), [{ paymentId }]);
  }
  t.same(waits, [30, 60, 100], 'twice as long each time, up to the maximum');
  const finish = () =>
    createDatabase({ mysql, statementMs: MS }).transaction((session) => finishRefund(session, paymentId));
  t.same([await finish(), await finish()], [true, false]);
});
