import t, { type Test } from 'tap';
import { startStripeServer } from '../../../ci/testing/gateways/start-stripe-server.ts';
import type { PaymentSession } from '../payment-gateway.ts';
import { createStripeGateway } from './stripe-gateway.ts';

const secretKey = 'sk_test_4eC39HqLyjWDarjtT1zdp7dc';
const webhookSecret = 'whsec_Kq8vL2mZ7pX4wN9tB3yR6cD1fG5hJ0aS';
const MINUTE_MS = 60_000;

type Start = { shiftMs: number };

async function start(t: Test, time: Start = { shiftMs: 0 }) {
  const server = await startStripeServer({
    secretKey,
    webhookSecret,
    webhookUrl: () => 'http://127.0.0.1:9',
    nowMs: () => Date.now() + time.shiftMs,
  });
  t.teardown(() => server.close());
  const gateway = createStripeGateway({ secretKey, apiUrl: server.url });
  const readPayment = gateway.readPayment ?? t.fail;
  const endSession = gateway.endSession ?? t.fail;
  return { server, gateway, readPayment, endSession } as {
    server: typeof server;
    gateway: typeof gateway;
    readPayment: NonNullable<typeof gateway.readPayment>;
    endSession: NonNullable<typeof gateway.endSession>;
  };
}

function newSession(over: Partial<PaymentSession> = {}): PaymentSession {
  const session: PaymentSession = {
    paymentId: 'pay_1',
    orderNo: '8-123',
    amountCents: 1999,
    currency: 'EUR',
    returnUrl: 'https://sale.example/orders/8-123',
    expiresAtMs: Date.now() + 45 * MINUTE_MS,
    name: 'A game console',
  };
  return Object.assign(session, over);
}

/** Opens a session and lets the buyer pay. */
async function pay(
  t: Test,
  { server, gateway }: Awaited<ReturnType<typeof start>>,
  over: Partial<PaymentSession> = {},
) {
  const { sessionId } = await gateway.openSession(newSession(over));
  t.ok(sessionId && server.account.pay(sessionId));
  const chargeId = server.account.sessions.get(sessionId as string)?.payment_intent ?? null;
  return { paymentId: 'pay_1', sessionId, chargeId };
}

t.test('a repeat of a session has the same page, with the pinned version of the API', async (t) => {
  const { server, gateway } = await start(t);
  const session = newSession();
  const first = await gateway.openSession(session);
  t.match(first, { redirectUrl: /^https:\/\/checkout\.stripe\.com\//, sessionId: /^cs_test_/ });
  t.same(await gateway.openSession(session), first);
  t.match(server.calls, [{ key: 'pay_1-1', version: '2026-10-28.endive' }, { key: 'pay_1-1' }]);
  await t.rejects(gateway.openSession(newSession({ amountCents: 1 })), /same parameters/);
  t.equal(server.account.sessions.size, 1);
});

t.test('amounts are written as Stripe writes them, and read back', async (t) => {
  const context = await start(t);
  const { server, gateway, readPayment } = context;
  const payment = await pay(t, context, { currency: 'ISK', amountCents: 5000 });
  t.match([...server.account.sessions.values()], [{ amount_total: 500_000, currency: 'isk' }]);
  t.match(await readPayment(payment), { state: 'paid', amountCents: 5000, currency: 'ISK' });
  await t.rejects(
    gateway.openSession(newSession({ paymentId: 'pay_2', currency: 'KWD', amountCents: 5124 })),
    /does not take/,
  );
});

t.test('an error, a lost answer and a saved error are passed by a repeat', async (t) => {
  const { server, gateway } = await start(t);
  const session = newSession();
  server.faults.order('too many requests');
  await t.rejects(gateway.openSession(session), /Too many requests/);
  server.faults.order('failed before');
  await t.rejects(gateway.openSession(session), /unknown error/);
  server.faults.order('failed after');
  await t.rejects(gateway.openSession(session), /unknown error/);
  // The answer 500 is saved for this key. The session that exists has a page that no buyer has seen.
  const opened = await gateway.openSession(session);
  t.same(await gateway.openSession(session), opened);
  t.equal(server.account.sessions.size, 2);

  server.faults.order('answer lost');
  await gateway.openSession(newSession({ paymentId: 'pay_2' }));
  t.equal(server.account.sessions.size, 3);
});

t.test('a call without an answer ends by its deadline', async (t) => {
  const { server, gateway } = await start(t);
  server.faults.order('silent');
  const startedMs = performance.now();
  await t.rejects(gateway.openSession(newSession()), /timeout|no answer within/);
  t.ok(performance.now() - startedMs < 2600);
});

t.test('only a session that is paid counts as paid', async (t) => {
  const { server, gateway, readPayment } = await start(t);
  const { sessionId } = await gateway.openSession(newSession());
  const payment = { paymentId: 'pay_1', sessionId, chargeId: null };
  t.same(await readPayment(payment), { state: 'open' });
  server.account.payLater(sessionId as string);
  t.same(await readPayment(payment), { state: 'processing' });
  server.account.decide(sessionId as string, true);
  t.match(await readPayment(payment), {
    state: 'paid',
    orderNo: '8-123',
    amountCents: 1999,
    currency: 'EUR',
    chargeId: /^pi_/,
    refundedCents: 0,
    dispute: null,
  });

  const second = await gateway.openSession(newSession({ paymentId: 'pay_2' }));
  server.account.payLater(second.sessionId as string);
  server.account.decide(second.sessionId as string, false);
  t.same(await readPayment({ paymentId: 'pay_2', sessionId: second.sessionId, chargeId: null }), { state: 'ended' });
});

t.test('a session of another payment is an error', async (t) => {
  const { gateway, readPayment } = await start(t);
  const { sessionId } = await gateway.openSession(newSession());
  await t.rejects(readPayment({ paymentId: 'pay_2', sessionId, chargeId: null }), /is not of pay_2/);
  await t.rejects(readPayment({ paymentId: 'pay_2', sessionId: null, chargeId: null }), /has no session/);
});

t.test('a session ends once, and says if it was too late', async (t) => {
  const time = { shiftMs: 0 };
  const context = await start(t, time);
  const { server, gateway, endSession } = context;
  const { sessionId } = await gateway.openSession(newSession({ paymentId: 'pay_2' }));
  const payment = { paymentId: 'pay_2', sessionId, chargeId: null };
  t.same(await endSession(payment), { state: 'ended' });
  t.same(await endSession(payment), { state: 'ended' });
  t.notOk(server.account.pay(sessionId as string), 'the page is closed');
  t.match(await endSession(await pay(t, context)), { state: 'paid', amountCents: 1999 });

  const late = await gateway.openSession(newSession({ paymentId: 'pay_3' }));
  time.shiftMs = 46 * MINUTE_MS;
  t.same(await endSession({ paymentId: 'pay_3', sessionId: late.sessionId, chargeId: null }), { state: 'ended' });
});

t.test('the shortest session that Stripe takes is 30 minutes', async (t) => {
  const { gateway } = await start(t);
  const expiresAtMs = Date.now() + 29 * MINUTE_MS;
  await t.rejects(gateway.openSession(newSession({ expiresAtMs })), /expires_at/);
});

t.test('a payment is refunded once, whatever happens to the answers', async (t) => {
  const context = await start(t);
  const { server, gateway, readPayment } = context;
  const refund = Object.assign(await pay(t, context), { amountCents: 1999, currency: 'EUR' });
  const creates = ({ method, path }: { method: string; path: string }) => method === 'POST' && path === '/v1/refunds';
  server.faults.order('failed before', creates);
  await t.rejects(gateway.refund(Object.assign({}, refund, { tries: 0 })));
  server.faults.order('failed after', creates);
  await t.rejects(gateway.refund(Object.assign({}, refund, { tries: 1 })));
  server.forgetKeys();
  t.same(await gateway.refund(Object.assign({}, refund, { tries: 2 })), { state: 'refunded' });
  t.equal(server.account.refunds.size, 1);
  t.match(await readPayment(refund), { state: 'paid', refundedCents: 1999 });
});

t.test('without a stored charge, the charge of the session is refunded', async (t) => {
  const context = await start(t);
  const payment = Object.assign(await pay(t, context), {
    chargeId: null,
    amountCents: 1999,
    currency: 'EUR',
    tries: 0,
  });
  t.same(await context.gateway.refund(payment), { state: 'refunded' });
});

t.test('two processes that refund at the same time make one refund', async (t) => {
  const context = await start(t);
  const { server, gateway } = context;
  const payment = await pay(t, context);
  const refund = Object.assign(payment, { amountCents: 1999, currency: 'EUR', tries: 0 });
  server.forgetKeys();
  const results = await Promise.all([gateway.refund(refund), gateway.refund(refund), gateway.refund(refund)]);
  t.same(results, [{ state: 'refunded' }, { state: 'refunded' }, { state: 'refunded' }]);
  t.equal(server.account.refunds.size, 1);
});

t.test('a refund may be pending, and then fail; a person asks for another one', async (t) => {
  const context = await start(t);
  const { server, gateway } = context;
  const refund = Object.assign(await pay(t, context), { amountCents: 1999, currency: 'EUR' });
  server.account.nextRefunds.push('requires_action');
  t.same(await gateway.refund(Object.assign({}, refund, { tries: 0 })), { state: 'pending' });
  const [id = ''] = [...server.account.refunds.keys()];
  server.account.changeRefund(id, 'pending');
  t.same(await gateway.refund(Object.assign({}, refund, { tries: 1 })), { state: 'pending' });
  server.account.changeRefund(id, 'failed');
  t.match(await gateway.refund(Object.assign({}, refund, { tries: 2 })), { state: 'failed', reason: /lost_or_stolen/ });
  t.equal(server.account.refunds.size, 1);
  t.same(await gateway.refund(Object.assign({}, refund, { tries: 0 })), { state: 'refunded' });
  t.equal(server.account.refunds.size, 2);
});

t.test('what was refunded in the dashboard is not refunded again', async (t) => {
  const context = await start(t);
  const { server, gateway } = context;
  const payment = await pay(t, context);
  server.account.createRefund({ payment_intent: payment.chargeId as string, amount: '500' });
  const refund = Object.assign(payment, { amountCents: 1999, currency: 'EUR', tries: 0 });
  t.same(await gateway.refund(refund), { state: 'refunded' });
  t.same(
    [...server.account.refunds.values()].map(({ amount }) => amount),
    [500, 1499],
  );
});

t.test('a disputed payment is not refunded, and its dispute is read', async (t) => {
  const context = await start(t);
  const { server, gateway, readPayment } = context;
  const payment = await pay(t, context);
  server.account.openDispute(payment.chargeId as string);
  t.match(await readPayment(payment), { state: 'paid', dispute: 'needs_response' });
  const refund = Object.assign(payment, { amountCents: 1999, currency: 'EUR', tries: 0 });
  t.match(await gateway.refund(refund), { state: 'failed', reason: /disputed/ });
});

t.test('a gateway that is away is an error', async (t) => {
  const { server, gateway } = await start(t);
  server.faults.setAway(true);
  await t.rejects(gateway.openSession(newSession()), /connection/);
});
