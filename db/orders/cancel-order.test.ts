import t from 'tap';
import { auditStock } from '../../ci/testing/orders/audit-stock.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { sellUnits } from '../../ci/testing/orders/sell-units.ts';
import { createTestDatabase } from '../../ci/testing/servers/test-database.ts';
import { recordPayment } from '../payments/record-payments.ts';
import { refundOrder } from '../payments/refund-order.ts';
import { startPayment } from '../payments/start-payments.ts';
import { cancelOrder } from './cancel-order.ts';

const { database, mysql } = await createTestDatabase(t);

async function pay(orderNo: string, buyer: string): Promise<string> {
  const started = await startPayment(database, { orderNo, buyer });
  if (started.outcome !== 'STARTED') throw new Error(started.outcome);
  const { paymentId, amountCents, currency } = started.payment;
  await recordPayment(database, { eventId: `of-${paymentId}`, paymentId, orderNo, amountCents, currency });
  return paymentId;
}

const eventsOf = async (orderNo: string) => {
  const [rows] = await mysql.raw('SELECT type FROM order_event WHERE order_no = ? ORDER BY type', [orderNo]);
  return (rows as { type: string }[]).map(({ type }) => type);
};

t.test('a cancelled order returns its unit once', async (t) => {
  const sid = await createTestStock(mysql, { count: 3 });
  const [orderNo = ''] = await sellUnits(mysql, sid, ['ann', 'bob']);
  const before = await auditStock(mysql, sid);
  const first = await cancelOrder(database, orderNo, 'ann');
  t.match(first, { outcome: 'CHANGED', order: { state: 'cancelled' }, units: { sid, sale: 1, count: 3 } });
  t.ok('order' in first && first.order.endedAtMs);
  t.ok((await auditStock(mysql, sid)).version > before.version);
  const again = await auditStock(mysql, sid);
  t.match(await cancelOrder(database, orderNo, 'ann'), { outcome: 'UNCHANGED', order: { state: 'cancelled' } });
  t.same(await auditStock(mysql, sid), again, 'a repeat changes nothing');
  t.same(await eventsOf(orderNo), ['confirmed', 'cancelled']);
});

t.test('20 concurrent cancellations of one order return one unit', async (t) => {
  const sid = await createTestStock(mysql, { count: 3 });
  const [orderNo = ''] = await sellUnits(mysql, sid, ['ann', 'bob']);
  const results = await Promise.all(Array.from({ length: 20 }, () => cancelOrder(database, orderNo, 'ann')));
  t.same(
    results.filter(({ outcome }) => outcome === 'CHANGED').length,
    1,
    JSON.stringify(results.map(({ outcome }) => outcome)),
  );
  t.ok(results.every(({ outcome }) => outcome === 'CHANGED' || outcome === 'UNCHANGED'));
  t.match(await auditStock(mysql, sid), { sale: 1, live: 1 });
});

t.test("another buyer's order, a ladder order and an unknown number are not found", async (t) => {
  const sid = await createTestStock(mysql, { count: 3 });
  const [orderNo = ''] = await sellUnits(mysql, sid, ['ann']);
  await mysql.raw(
    `INSERT INTO stock_order (order_no, sid, buyer, name, state, price_cents, decided_by)
     VALUES ('ladder-order', ?, 'ladder-order', 'x', 'awaiting_payment', 1, 'ladder')`,
    [sid],
  );
  t.same(await cancelOrder(database, orderNo, 'Ann'), { outcome: 'ORDER_NOT_FOUND' });
  t.same(await cancelOrder(database, 'ladder-order', 'ladder-order'), { outcome: 'ORDER_NOT_FOUND' });
  t.same(await cancelOrder(database, 'no-such-order', 'ann'), { outcome: 'ORDER_NOT_FOUND' });
});

t.test('a paid or refused order cannot be cancelled', async (t) => {
  const sid = await createTestStock(mysql, { count: 1 });
  const [paid = '', refused = ''] = await sellUnits(mysql, sid, ['ann', 'bob']);
  await pay(paid, 'ann');
  const before = await auditStock(mysql, sid);
  t.match(await cancelOrder(database, paid, 'ann'), { outcome: 'WRONG_STATE', order: { state: 'paid' } });
  t.match(await cancelOrder(database, refused, 'bob'), { outcome: 'WRONG_STATE', order: { state: 'sold_out' } });
  t.same(await auditStock(mysql, sid), before);
});

t.test('of a concurrent cancellation and payment one wins, and money of a cancelled order is refunded', async (t) => {
  const sid = await createTestStock(mysql, { count: 40 });
  const names = Array.from({ length: 40 }, (_, i) => `buyer-${i}`);
  const orderNos = await sellUnits(mysql, sid, names);
  const results = await Promise.all(
    orderNos.map(async (orderNo, i) => {
      const buyer = names[i] as string;
      const started = await startPayment(database, { orderNo, buyer });
      if (started.outcome !== 'STARTED') throw new Error(started.outcome);
      const { paymentId, amountCents, currency } = started.payment;
      const event = { eventId: `race-${paymentId}`, paymentId, orderNo, amountCents, currency };
      const [cancelled, recorded] = await Promise.all([
        cancelOrder(database, orderNo, buyer),
        recordPayment(database, event),
      ]);
      return `${cancelled.outcome} ${recorded.outcome}`;
    }),
  );
  const paid = results.filter((result) => result === 'WRONG_STATE PAID').length;
  t.equal(paid + results.filter((result) => result === 'CHANGED PAYMENT_REFUNDED').length, 40);
  t.match(await auditStock(mysql, sid), { sale: paid, live: paid });
});

t.test('a refund ends a paid order, returns its unit and marks its payment for a refund', async (t) => {
  const sid = await createTestStock(mysql, { count: 1, priceCents: 700 });
  const [orderNo = ''] = await sellUnits(mysql, sid, ['ann']);
  t.match(await refundOrder(database, orderNo, 'too early'), { outcome: 'WRONG_STATE' });
  const paymentId = await pay(orderNo, 'ann');
  const result = await refundOrder(database, orderNo, 'broken in transit');
  t.match(result, { outcome: 'CHANGED', order: { state: 'refunded' }, units: { sale: 0 } });
  t.match(await refundOrder(database, orderNo, 'again'), { outcome: 'UNCHANGED' });
  t.match(await refundOrder(database, 'no-such-order', 'x'), { outcome: 'ORDER_NOT_FOUND' });
  const [[payment]] = await mysql.raw('SELECT * FROM payment WHERE payment_id = ?', [paymentId]);
  t.match(payment, { state: 'refund_due', reason: 'broken in transit', paid_cents: 700, paid_currency: 'CNY' });
  t.ok(payment.next_try_at);
  t.same(await eventsOf(orderNo), ['confirmed', 'paid', 'refunded']);
  t.match(await auditStock(mysql, sid), { sale: 0, live: 0 });
});
