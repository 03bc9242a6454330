import t from 'tap';
import { callApi } from '../../ci/testing/clients/call-api.ts';
import { bearer, testSecrets } from '../../ci/testing/clients/create-token.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { sellUnits } from '../../ci/testing/orders/sell-units.ts';
import { createTestServers } from '../../ci/testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider } from '../../ci/testing/servers/start-test-system.ts';
import { cancelOrder } from '../../db/orders/cancel-order.ts';
import { recordPayment } from '../../db/payments/record-payments.ts';
import { startPayment } from '../../db/payments/start-payments.ts';
import { mintOrderNumber } from '../../proto/messages/order-number.ts';

const servers = await createTestServers(t);
const { mysql, database } = servers;
const url = await startTestConsumer(t, servers, [await startTestProvider(t, servers)]);
const admin = bearer('root', { roles: ['viewer'] });

const get = (path: string, headers: Record<string, string> = bearer('ann')) =>
  callApi(url, `/api/v1${path}`, { headers });

/** An order of ann with one started payment. */
async function started(buyer = 'ann') {
  const sid = await createTestStock(mysql, { count: 2, priceCents: 1999, currency: 'EUR' });
  const [orderNo = ''] = await sellUnits(mysql, sid, [buyer]);
  const start = await startPayment(database, { orderNo, buyer });
  if (start.outcome !== 'STARTED') throw new Error(start.outcome);
  const { paymentId } = start.payment;
  return {
    orderNo,
    paymentId,
    event: { eventId: `e-${paymentId}`, paymentId, orderNo, amountCents: 1999, currency: 'EUR' },
  };
}

/** An order that was cancelled before its money came. */
async function late() {
  const order = await started();
  await cancelOrder(database, order.orderNo, 'ann');
  await recordPayment(database, order.event);
  return order;
}
const change = (paymentId: string, row: object) => mysql('payment').where({ payment_id: paymentId }).update(row);

t.test('a buyer reads the payments of an order, and each of them', async (t) => {
  const { orderNo, paymentId, event } = await started();
  const payment = {
    paymentId,
    state: 'started',
    refundState: null,
    amount: { amount: 1999, currency: 'EUR' },
    paidAt: null,
  };
  const { status, body, headers } = await get(`/orders/${orderNo}/payments`);
  t.equal(status, 200);
  t.match(body, { payments: [{ ...payment, createdAt: /Z$/, refundedAt: null }] });
  t.equal(headers.get('cache-control'), 'no-store');
  await recordPayment(database, event);
  const paid = await get(`/payments/${paymentId}`);
  t.match(paid.body, { ...payment, orderNo, state: 'paid', paidAt: /Z$/ });
  t.notMatch(
    JSON.stringify([body, paid.body]),
    /session|charge|gateway|dispute|reason|buyer/,
    'that is for administrators',
  );
});

t.test('an order that is not decided has no payments', async (t) => {
  const pending = mintOrderNumber(testSecrets.ORDER_NO_KEY, 5, 'ann');
  t.match(await get(`/orders/${pending}/payments`), { status: 200, body: { payments: [] } });
});

t.test('payments of other buyers and unknown ones are 404', async (t) => {
  const { orderNo, paymentId } = await started('bob');
  t.match(await get(`/orders/${orderNo}/payments`), { status: 404, body: { code: 'order_not_found' } });
  for (const id of [paymentId, 'pay_none', 'x'.repeat(65), "1' OR 1=1"]) {
    const answer = await get(`/payments/${encodeURIComponent(id)}`);
    t.match(answer, { status: 404, body: { code: 'payment_not_found' } }, id.slice(0, 20));
  }
  t.match(await get(`/payments/${paymentId}`, {}), { status: 401 });
  t.match(await get(`/payments/${paymentId}`, bearer('bob')), { status: 200 });
});

t.test('an administrator reads the ids of the gateway, the dispute and the refund', async (t) => {
  const { orderNo, paymentId } = await late();
  const gateway = { gateway: 'stripe', session_id: 'cs_1', charge_id: 'pi_1', dispute: 'needs_response' };
  await change(paymentId, { ...gateway, returned_cents: 500 });
  const details = { gateway: 'stripe', sessionId: 'cs_1', chargeId: 'pi_1', dispute: 'needs_response' };
  const payment = {
    paymentId,
    ...details,
    returned: { amount: 500, currency: 'EUR' },
    reason: 'the order is cancelled',
    refundState: 'due',
  };
  t.match((await get(`/admin/orders/${orderNo}/payments`, admin)).body, { payments: [payment] });
  t.match((await get(`/admin/payments/${paymentId}`, admin)).body, { orderNo, buyer: 'ann', ...payment });
  t.match((await get(`/admin/orders/${orderNo}/trace`, admin)).body, { payments: [payment] });
  for (const path of [`orders/${orderNo}/payments`, `orders/${orderNo}/refunds`, `payments/${paymentId}`]) {
    t.match(await get(`/admin/${path}`), { status: 403, body: { code: 'forbidden' } }, path);
  }
  t.match(await get('/admin/orders/1-none/payments', admin), { status: 404, body: { code: 'order_not_found' } });
  t.match(await get('/admin/orders/1-none/refunds', admin), { status: 404, body: { code: 'order_not_found' } });
  t.match(await get('/admin/payments/pay_none', admin), { status: 404, body: { code: 'payment_not_found' } });
});

t.test('a refund is due, pending, failed or refunded; a buyer sees a failed one as due', async (t) => {
  const { orderNo, paymentId } = await late();
  const now = new Date();
  const steps = [
    [{}, { state: 'due', failure: '', pendingAt: null, refundedAt: null }],
    [{ refund_pending_at: now }, { state: 'pending', pendingAt: now.toISOString() }],
    [{ refund_failure: 'the card is closed' }, { state: 'failed', failure: 'the card is closed' }],
    [
      { state: 'refunded', refunded_at: now, refund_failure: null },
      { state: 'refunded', refundedAt: now.toISOString() },
    ],
  ] as const;
  for (const [row, refund] of steps) {
    if (Object.keys(row).length > 0) await change(paymentId, row);
    const { body } = await get(`/admin/orders/${orderNo}/refunds`, admin);
    const money = { paymentId, amount: { amount: 1999, currency: 'EUR' }, reason: 'the order is cancelled' };
    t.match(body, { refunds: [{ ...money, ...refund }] }, refund.state);
    const refundState = refund.state === 'failed' ? 'due' : refund.state;
    t.match((await get(`/payments/${paymentId}`)).body, { refundState });
  }
  const { orderNo: unpaid } = await started();
  t.match((await get(`/admin/orders/${unpaid}/refunds`, admin)).body, { refunds: [] });
});

t.test('reads that come together share a call, and each gets its own answer', async (t) => {
  const orders = await Promise.all(Array.from({ length: 5 }, () => started()));
  const answers = await Promise.all(
    orders.flatMap(({ orderNo, paymentId }) => [get(`/orders/${orderNo}/payments`), get(`/payments/${paymentId}`)]),
  );
  for (const [i, { paymentId }] of orders.entries()) {
    t.match(answers[2 * i]?.body, { payments: [{ paymentId }] });
    t.match(answers[2 * i + 1]?.body, { paymentId });
  }
});
