import assert from 'node:assert/strict';
import t, { type Test } from 'tap';
import { startShopService } from '../../../ci/testing/gateways/start-shop-service.ts';
import type { PaymentSession } from '../payment-gateway.ts';
import { createHttpGateway } from './http-gateway.ts';

const secret = 'whsec_Zm9yIHRyeWluZyBvdXQgb24gb25lJ3Mgb3duIG1hY2hpbmU=';

async function start(t: Test) {
  const service = await startShopService({ secret, webhookUrl: () => 'http://127.0.0.1:9' });
  t.teardown(async () => {
    await service.close();
    // Every call and answer is as docs/payment-service.openapi.json describes it.
    assert.deepEqual(service.violations, []);
  });
  const { openSession, readPayment, endSession, refund } = createHttpGateway({ url: service.url, secret });
  if (!readPayment || !endSession) throw new Error('the gateway has state');
  return { service, openSession, readPayment, endSession, refund };
}

const session: PaymentSession = {
  paymentId: 'pay_1',
  orderNo: '8-123',
  amountCents: 1999,
  currency: 'EUR',
  returnUrl: 'https://sale.example/orders/8-123',
  expiresAtMs: Date.now() + 45 * 60_000,
  name: 'A game console',
};
const payment = { paymentId: 'pay_1', sessionId: 'pay_1', chargeId: null };
const refundOf = (tries: number) => Object.assign({}, payment, { amountCents: 1999, currency: 'EUR', tries });

t.test('a repeat of a payment has the same page; other parameters are refused', async (t) => {
  const { service, openSession } = await start(t);
  const first = await openSession(session);
  t.same(first, { redirectUrl: 'https://payments.shop.example/pay/pay_1', sessionId: 'pay_1' });
  t.same(await openSession(session), first);
  await t.rejects(openSession(Object.assign({}, session, { amountCents: 1 })), /409/);
  t.equal(service.shop.payments.size, 1);
});

t.test('the state of a payment is read', async (t) => {
  const { service, openSession, readPayment, endSession } = await start(t);
  await t.rejects(readPayment(payment), /404/);
  await openSession(session);
  t.same(await readPayment(payment), { state: 'open' });
  service.shop.payLater('pay_1');
  t.same(await endSession(payment), { state: 'processing' });
  service.shop.pay('pay_1');
  service.shop.openDispute('pay_1');
  const paid = {
    state: 'paid',
    orderNo: '8-123',
    amountCents: 1999,
    currency: 'EUR',
    chargeId: 'bank-pay_1',
    refundedCents: 0,
    dispute: 'opened',
  };
  t.same(await readPayment(payment), paid);
  t.same(await endSession(payment), paid);
});

t.test('an ended payment stays ended', async (t) => {
  const { service, openSession, endSession } = await start(t);
  await openSession(session);
  t.same(await endSession(payment), { state: 'ended' });
  t.same(await endSession(payment), { state: 'ended' });
  t.notOk(service.shop.pay('pay_1'));
});

t.test('a payment is refunded once, whatever happens to the answers', async (t) => {
  const { service, openSession, readPayment, refund } = await start(t);
  await openSession(session);
  service.shop.pay('pay_1');
  const creates = ({ method }: { method: string }) => method === 'POST';
  service.faults.order('failed before', creates);
  await t.rejects(refund(refundOf(0)), /500/);
  service.faults.order('answer lost', creates);
  await t.rejects(refund(refundOf(1)), /fetch failed/);
  t.same(await refund(refundOf(2)), { state: 'refunded' });
  t.match(service.shop.read('pay_1').refunds, [{ idempotencyKey: 'pay_1-refund-0', amountCents: 1999 }]);
  t.equal(service.shop.read('pay_1').refunds.length, 1);
  t.match(await readPayment(payment), { state: 'paid', refundedCents: 1999 });
});

t.test('a refund may be pending, and then fail; a person asks for another one', async (t) => {
  const { service, openSession, refund } = await start(t);
  await openSession(session);
  service.shop.pay('pay_1');
  service.shop.nextRefunds.push('pending');
  t.same(await refund(refundOf(0)), { state: 'pending' });
  t.same(await refund(refundOf(1)), { state: 'pending' });
  service.shop.decideRefund('pay_1', 'failed');
  t.same(await refund(refundOf(2)), { state: 'failed', reason: 'The account is closed' });
  service.shop.nextRefunds.push('failed');
  t.match(await refund(refundOf(0)), { state: 'failed', reason: /bank/ });
  t.same(await refund(refundOf(0)), { state: 'refunded' });
  t.same(
    service.shop.read('pay_1').refunds.map(({ idempotencyKey }) => idempotencyKey),
    ['pay_1-refund-2', 'pay_1-refund-1', 'pay_1-refund-0'],
  );
});

t.test('what a person refunded is not refunded again', async (t) => {
  const { service, openSession, refund } = await start(t);
  await openSession(session);
  service.shop.pay('pay_1');
  service.shop.refundByHand('pay_1', 500);
  t.same(await refund(refundOf(0)), { state: 'refunded' });
  t.same(
    service.shop.read('pay_1').refunds.map(({ amountCents }) => amountCents),
    [1499, 500],
  );
});

t.test('an answer that is not as described is an error', async (t) => {
  const { service, openSession, readPayment, endSession, refund } = await start(t);
  await openSession(session);
  const forge = (changes: object) => service.forged.push((answer) => Object.assign({}, answer, changes));
  for (const changes of [
    { state: 'succeeded' },
    { state: undefined },
    { amountCents: 19.99 },
    { amountCents: '1999' },
    { currency: 'eur' },
    { refundedCents: -1 },
  ]) {
    forge(changes);
    await t.rejects(readPayment(payment), /description does not allow/, JSON.stringify(changes));
  }
  forge({ paymentId: 'pay_2' });
  await t.rejects(readPayment(payment), /answered for pay_2/);
  forge({ state: 'open' });
  await t.rejects(endSession(payment), /did not end/);
  forge({ redirectUrl: 'javascript:alert(1)' });
  await t.rejects(openSession(session), /description does not allow/);
  forge({ amountCents: 1 });
  await t.rejects(openSession(session), /other parameters/);
  service.forged.push(() => []);
  await t.rejects(readPayment(payment), /description does not allow/);
  service.forged.push(
    () => ({ refunds: [] }),
    () => ({ refunds: [] }),
  );
  await t.rejects(refund(refundOf(0)), /does not show the refund/);
  service.forged.push((answer) => Object.assign({}, answer, { padding: 'x'.repeat(70_000) }));
  await t.rejects(readPayment(payment), /more than 65536 bytes/);
  forge({ later: 'a new field is allowed' });
  t.same(await readPayment(payment), { state: 'ended' });
});

t.test('a service that is silent, away or redirects is an error within the deadline', async (t) => {
  const { service, openSession, readPayment } = await start(t);
  service.faults.order('silent');
  const startedMs = performance.now();
  await t.rejects(openSession(session), /timeout|aborted/);
  t.ok(performance.now() - startedMs < 2600);
  service.faults.setAway(true);
  await t.rejects(readPayment(payment), /fetch failed/);
});

t.test('a wrong secret is refused', async (t) => {
  const { service } = await start(t);
  const other = createHttpGateway({ url: service.url, secret: 'whsec_b3RoZXIgc2VjcmV0IG9mIGFub3RoZXIgc2hvcA==' });
  await t.rejects(other.openSession(session), /401/);
});
