import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import t from 'tap';
import { waitUntil as waitFor } from '../../ci/command/wait-until.ts';
import { callApi } from '../../ci/testing/clients/call-api.ts';
import { bearer, testSecrets } from '../../ci/testing/clients/create-token.ts';
import { auditStock } from '../../ci/testing/orders/audit-stock.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { sellUnits } from '../../ci/testing/orders/sell-units.ts';
import { createTestServers } from '../../ci/testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider } from '../../ci/testing/servers/start-test-system.ts';
import { cancelOrder } from '../../db/orders/cancel-order.ts';
import { mintOrderNumber } from '../../proto/messages/order-number.ts';
import { readSession } from '../../proto/payments/sandbox-gateway.ts';
import type { Money } from '../api/money.ts';

const servers = await createTestServers(t);
const { mysql, database } = servers;
const provider = await startTestProvider(t, servers);
const secret = `whsec_${Buffer.from('a secret of thirty-two characters').toString('base64')}`;
const settings = { WEBHOOK_SECRET: secret, SANDBOX_WEBHOOK_DELAY_MS: '10', CORS_ORIGINS: 'https://shop.example' };
const url = await startTestConsumer(t, servers, [provider], settings);

type Answer = { status: number; headers: Headers; body: Record<string, unknown> };
async function call(method: string, path: string, options: { who?: object; body?: unknown } = {}): Promise<Answer> {
  const { who = bearer('ann'), body } = options;
  const json = body === undefined ? {} : { 'content-type': 'application/json' };
  const init = { method, headers: { ...who, ...json }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const response = await fetch(`${url}${path}`, init);
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] };
}

async function sold(buyer = 'ann') {
  const sid = await createTestStock(mysql, { count: 2, priceCents: 1999, currency: 'EUR' });
  const [orderNo = ''] = await sellUnits(mysql, sid, [buyer]);
  return { sid, orderNo, path: `/api/v1/orders/${orderNo}` };
}

type Payment = { paymentId: string; orderNo: string; amountCents: number; currency: string; redirectUrl: string };
async function started(path: string, body?: object): Promise<Payment> {
  const answer = await call('POST', `${path}/payments`, { body });
  t.equal(answer.headers.get('location'), `/api/v1/payments/${answer.body.paymentId}`);
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  const { amount, ...payment } = answer.body as Omit<Payment, 'amountCents' | 'currency'> & { amount: Money };
  // As in the gateway's events.
  return { ...payment, amountCents: amount.amount, currency: amount.currency };
}

async function sendWebhook(payment: object, more: { id?: string; at?: Date; key?: string; raw?: string } = {}) {
  const { id = randomUUID(), at = new Date(), key = secret } = more;
  const { redirectUrl: _, ...data } = payment as Payment;
  const body = JSON.stringify({ type: 'payment.succeeded', timestamp: at.toISOString(), data });
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(key).sign(id, at, body),
  };
  const response = await fetch(`${url}/api/v1/payments/webhook`, { method: 'POST', headers, body: more.raw ?? body });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const stateOf = async (path: string) => (await call('GET', path)).body.state;
const waitForState = (path: string, state: string) =>
  waitFor(
    `${path} to be ${state}`,
    async () => {
      const now = await stateOf(path);
      if (now !== state) throw new Error(String(now));
    },
    { limitMs: 10_000 },
  );
const press = (page: string, action: string) =>
  fetch(`${url}/sandbox-gateway/pay`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ session: new URL(page).searchParams.get('session') ?? '', action }),
    redirect: 'manual',
  });

t.test('a buyer pays on the gateway’s page and returns, and the webhook makes the order paid', async (t) => {
  const { path } = await sold();
  const payment = await started(path, { returnUrl: 'https://shop.example/thanks?x=1' });
  t.match(payment, { paymentId: /^pay_/, amountCents: 1999, currency: 'EUR' });
  t.match(await started(path), { paymentId: payment.paymentId }, 'again: the same payment');
  t.ok(payment.redirectUrl.startsWith(`${url}/sandbox-gateway/pay?session=`));
  const page = await fetch(payment.redirectUrl);
  const text = await page.text();
  t.match(text, /EUR\s19\.99/);
  t.match(
    text,
    /<html lang="en">[\s\S]*<h1>Pay your order<\/h1>[\s\S]*<button name="action" value="pay">Pay<\/button>/,
  );
  const policy = page.headers.get('content-security-policy') ?? '';
  t.match(policy, /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self' https:\/\/shop\.example;/);
  t.notMatch(text, /<script|onclick|style="/);
  const back = await press(payment.redirectUrl, 'pay');
  t.equal(back.status, 303);
  t.equal(back.headers.get('location'), 'https://shop.example/thanks?x=1');
  await waitForState(path, 'paid');
  t.match((await call('GET', path)).body, { paidAt: /Z$/, payBy: null });
});

t.test('after a decline the buyer can still pay; a double click is one payment', async (t) => {
  const { path, orderNo } = await sold();
  const { redirectUrl } = await started(path);
  const declined = await press(redirectUrl, 'decline');
  t.equal(declined.headers.get('location'), `${url}/sandbox-gateway/done?payment=declined`);
  t.equal((await fetch(`${url}/sandbox-gateway/done`)).status, 200);
  t.equal(await stateOf(path), 'awaiting_payment');
  await Promise.all([press(redirectUrl, 'pay'), press(redirectUrl, 'pay')]);
  await waitForState(path, 'paid');
  const [rows] = await mysql.raw('SELECT outcome FROM payment_event WHERE order_no = ?', [orderNo]);
  t.same(rows, [{ outcome: 'PAID' }]);
});

t.test('a payment page with a changed URL is not shown', async (t) => {
  const { path } = await sold();
  const { redirectUrl } = await started(path);
  for (const other of [`${redirectUrl}x`, `${url}/sandbox-gateway/pay`, redirectUrl.replace('session=', 'session=A')]) {
    t.equal((await fetch(other)).status, 410);
    t.equal((await press(other, 'pay')).status, 410);
  }
});

t.test('a webhook is processed once', async (t) => {
  const { path } = await sold();
  const payment = await started(path);
  const id = randomUUID();
  t.match(await sendWebhook(payment, { id }), { status: 200, body: { outcome: 'PAID' } });
  t.match(await sendWebhook(payment, { id }), { status: 200, body: { outcome: 'PAID' } });
  t.match(await sendWebhook(payment), { status: 200, body: { outcome: 'ALREADY_PAID' } });
  t.match(await call('POST', `${path}/payments`), { status: 409, body: { code: 'wrong_state', state: 'paid' } });
});

t.test('of two concurrent webhooks one is applied', async (t) => {
  const { path } = await sold();
  const payment = await started(path);
  const answers = await Promise.all([sendWebhook(payment), sendWebhook(payment)]);
  t.same(answers.map(({ body }) => body.outcome).sort(), ['ALREADY_PAID', 'PAID']);
});

t.test('a webhook with an invalid signature or timestamp changes nothing', async (t) => {
  const { path } = await sold();
  const payment = await started(path);
  const other = `whsec_${Buffer.from('another secret of many characters').toString('base64')}`;
  const aMinuteTooFar = 360_000;
  const bad = await Promise.all([
    sendWebhook(payment, { key: other }),
    sendWebhook(payment, { at: new Date(Date.now() - aMinuteTooFar) }),
    sendWebhook(payment, { at: new Date(Date.now() + aMinuteTooFar) }),
    sendWebhook(payment, { raw: JSON.stringify({ type: 'payment.succeeded', data: payment }) }),
    call('POST', '/api/v1/payments/webhook', { body: { type: 'payment.succeeded', data: payment } }),
  ]);
  for (const answer of bad) t.match(answer, { status: 401, body: { code: 'invalid_signature' } });
  const nearly = await sendWebhook(payment, { at: new Date(Date.now() - 280_000) });
  t.match(nearly, { status: 200, body: { outcome: 'PAID' } }, 'within 300 s it counts');
});

t.test('signed webhooks of unknown types or payments are not recorded as paid', async (t) => {
  const { path } = await sold();
  const payment = await started(path);
  const signed = (raw: string) => {
    const at = new Date();
    const headers = { 'webhook-id': 'raw', 'webhook-timestamp': String(Math.floor(at.getTime() / 1000)) };
    const signature = { 'webhook-signature': new Webhook(secret).sign('raw', at, raw) };
    const init = { method: 'POST', headers: { ...headers, ...signature }, body: raw };
    return fetch(`${url}/api/v1/payments/webhook`, init).then(async (response) => ({
      status: response.status,
      body: await response.json(),
    }));
  };
  t.match(await signed('{"type":"payment.disputed","data":1}'), { status: 200, body: { outcome: 'IGNORED' } });
  t.match(await signed('not JSON'), { status: 400, body: { code: 'bad_request' } });
  t.match(await signed('[]'), { status: 400, body: { code: 'invalid_request' } });
  const halfCent = JSON.stringify({ type: 'payment.succeeded', data: { ...payment, amountCents: 1.5 } });
  t.match(await signed(halfCent), { status: 400, body: { code: 'invalid_request' } });
  t.match(await sendWebhook({ ...payment, amountCents: 1 }), { status: 200, body: { outcome: 'WRONG_AMOUNT' } });
  t.match(await sendWebhook({ ...payment, paymentId: 'pay_none', amountCents: 1 }), {
    status: 200,
    body: { outcome: 'WRONG_AMOUNT' },
  });
  t.equal(await stateOf(path), 'awaiting_payment');
});

t.test('a payment of an order that has ended is refunded, and visible', async (t) => {
  const { path, orderNo, sid } = await sold();
  const payment = await started(path);
  await cancelOrder(database, orderNo, 'ann');
  t.match(await sendWebhook(payment), { status: 200, body: { outcome: 'PAYMENT_REFUNDED' } });
  const [[row]] = await mysql.raw('SELECT state, paid_cents FROM payment WHERE order_no = ?', [orderNo]);
  t.same(row, { state: 'refund_due', paid_cents: 1999 });

  // Order, list and trace have the payment and the refund.
  const money = {
    paymentId: payment.paymentId,
    state: 'refund_due',
    amount: { amount: 1999, currency: 'EUR' },
    refundedAt: null,
  };
  const order = await call('GET', path);
  t.match(order.body, { state: 'cancelled', payments: [{ ...money, paidAt: /Z$/ }] });
  t.notMatch(JSON.stringify(order.body), /reason/, 'that is for administrators');
  t.match((await call('GET', '/api/v1/orders?limit=1')).body.orders, [{ orderNo, payments: [money] }]);
  const who = bearer('root', { roles: ['admin'] });
  const ofAdmin = [{ ...money, reason: 'the order is cancelled' }];
  t.match((await call('GET', `/api/v1/admin/orders/${orderNo}/trace`, { who })).body, { payments: ofAdmin });
  t.match((await call('GET', `/api/v1/admin/stocks/${sid}/orders`, { who })).body.orders, [{ payments: ofAdmin }]);
  await mysql.raw(`UPDATE payment SET state = 'refunded', refunded_at = NOW(3) WHERE order_no = ?`, [orderNo]);
  t.match((await call('GET', path)).body.payments, [{ state: 'refunded', refundedAt: /Z$/ }]);
});

t.test('an unpaid order is cancelled, its unit returns, and a repeat gets the same answer', async (t) => {
  const { path, sid } = await sold();
  t.match(await call('POST', `${path}/cancel`), { status: 200, body: { state: 'cancelled', endedAt: /Z$/ } });
  t.match(await call('POST', `${path}/cancel`), { status: 200, body: { state: 'cancelled' } });
  t.match(await auditStock(mysql, sid), { sale: 0, live: 0 });
  t.match(await call('POST', `${path}/payments`), { status: 409, body: { code: 'wrong_state', state: 'cancelled' } });
});

t.test('a paid order is not cancelled; an administrator refunds it once', async (t) => {
  const { path, orderNo, sid } = await sold();
  await sendWebhook(await started(path));
  t.match(await call('POST', `${path}/cancel`), { status: 409, body: { code: 'wrong_state', state: 'paid' } });
  const admin = bearer('root', { roles: ['admin'] });
  const refunds = `/api/v1/admin/orders/${orderNo}/refunds`;
  const body = { reason: 'broken in transit' };
  t.match(await call('POST', refunds, { body }), { status: 403, body: { code: 'forbidden' } });
  t.match(await call('POST', refunds, { who: {}, body }), { status: 401 });
  const amount = { amount: 1999, currency: 'EUR' };
  const refunded = { state: 'refunded', payments: [{ state: 'refund_due', amount }] };
  const made = await call('POST', refunds, { who: admin, body });
  t.match(made, { status: 201, body: { refund: { state: 'due', amount, reason: body.reason }, order: refunded } });
  t.equal(made.headers.get('location'), `${refunds}/${made.body.refundId}`);
  const { refundId } = made.body;
  t.match(await call('GET', `${refunds}/${refundId}`, { who: admin }), { status: 200, body: { refundId, amount } });
  t.match(await call('GET', `${refunds}/refund_none`, { who: admin }), { body: { code: 'refund_not_found' } });
  t.match(await call('POST', refunds, { who: admin, body }), { status: 200, body: { refundId, order: refunded } });
  t.match(await auditStock(mysql, sid), { sale: 0, live: 0 });
  for (const bad of [{}, { reason: ' ' }, { reason: 'x'.repeat(201) }, { ...body, amount: 1 }]) {
    const answer = await call('POST', refunds, { who: admin, body: bad });
    t.match(answer, { status: 400, body: { code: 'invalid_request' } }, JSON.stringify(bad).slice(0, 40));
  }
  const none = await call('POST', '/api/v1/admin/orders/1-none/refunds', { who: admin, body });
  t.match(none, { status: 404, body: { code: 'order_not_found' } });
});

t.test('other buyers’ orders and invalid numbers are 404; a pending order is `wrong_state`', async (t) => {
  const { path } = await sold('bob');
  const forged = '/api/v1/orders/5-00000000000000000000000000-0000000000';
  for (const one of [path, forged]) {
    t.match(await call('POST', `${one}/cancel`), { status: 404, body: { code: 'order_not_found' } });
    t.match(await call('POST', `${one}/payments`), { status: 404, body: { code: 'order_not_found' } });
    t.match(await call('POST', `${one}/cancel`, { who: {} }), { status: 401 });
    t.match(await call('POST', `${one}/payments`, { who: {} }), { status: 401 });
  }
  const pending = `/api/v1/orders/${mintOrderNumber(testSecrets.ORDER_NO_KEY, 5, 'ann')}`;
  t.match(await call('POST', `${pending}/cancel`), { status: 409, body: { code: 'wrong_state', state: 'pending' } });
  t.match(await call('POST', `${pending}/payments`), { status: 409, body: { state: 'pending' } });
});

t.test('return URLs must be of this origin or of CORS_ORIGINS', async (t) => {
  const { path, orderNo } = await sold();
  for (const returnUrl of [
    'https://evil.example/',
    '//evil.example/',
    'javascript:alert(1)',
    'https://shop.example@evil.example/',
    'https://x@shop.example/',
    'https://shop.example.evil.example/',
    '/.//evil.example/',
    '/%2e//evil.example/',
    '/x/..//evil.example/',
    '/\\evil.example/',
    '/\t/evil.example/',
    'http://path.invalid//evil.example/',
    'http:evil.example',
    'https:evil.example',
  ]) {
    const answer = await call('POST', `${path}/payments`, { body: { returnUrl } });
    t.match(answer, { status: 400, body: { code: 'invalid_request' } }, returnUrl);
  }
  const [rows] = await mysql.raw('SELECT payment_id FROM payment WHERE order_no = ?', [orderNo]);
  t.same(rows, [], 'and nothing was started');
  await started(path, { returnUrl: '/my/orders' });
});

t.test('the header Host does not affect return URLs', async (t) => {
  const PUBLIC_URL = 'https://sale.example';
  const known = await startTestConsumer(t, servers, [provider], { ...settings, PUBLIC_URL });
  const { path } = await sold();
  const pay = (at: string, returnUrl: string) =>
    callApi(at, `${path}/payments`, {
      as: 'ann',
      body: { returnUrl },
      headers: { 'x-forwarded-host': 'evil.example' },
    });
  t.equal((await pay(known, 'https://evil.example/x')).status, 400);
  t.equal((await pay(known, `${known}/x`)).status, 400, 'the address it was asked at is not configured');
  t.equal((await pay(url, `${url}/x`)).status, 400, 'nor is it where nothing is configured');
  for (const returnUrl of [
    '/.//evil.example/',
    '/%2e//evil.example/',
    'http://path.invalid//evil.example/',
    'https:x',
  ]) {
    t.equal((await pay(known, returnUrl)).status, 400, returnUrl);
  }
  for (const returnUrl of ['https://sale.example/x', '/x', 'https://shop.example/x']) {
    const { status, body } = await pay(known, returnUrl);
    t.equal(status, 201, returnUrl);
    t.match(body.redirectUrl, /^https:\/\/sale\.example\/sandbox-gateway\/pay/);
    const session = String(new URL(String(body.redirectUrl)).searchParams.get('session'));
    t.match(readSession(secret, session), { returnUrl: new URL(returnUrl, PUBLIC_URL).href });
  }
});

t.test('the id of an event is the signed one, not one in its data', async (t) => {
  const { path, orderNo } = await sold();
  const payment = await started(path);
  const other = await sold();
  const id = randomUUID();
  t.match(await sendWebhook({ ...payment, eventId: 'mine' }, { id }), { body: { outcome: 'PAID' } });
  const answer = await sendWebhook({ ...(await started(other.path)), eventId: id });
  t.match(answer, { status: 200, body: { outcome: 'PAID' } }, 'it is no repetition of the other');
  const [rows] = await mysql.raw('SELECT event_id AS id FROM payment_event WHERE order_no = ?', [orderNo]);
  t.same(rows, [{ id }]);
});

t.test('the gateway retries until the response is 2xx', async (t) => {
  const ids: unknown[] = [];
  const receiver = createServer((request, response) => {
    ids.push(request.headers['webhook-id']);
    request.resume();
    response.writeHead(ids.length < 3 ? 500 : 200).end();
  });
  receiver.listen(0, '127.0.0.1');
  await new Promise((resolve) => receiver.once('listening', resolve));
  t.teardown(() => receiver.close());
  const GATEWAY_WEBHOOK_URL = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  const other = await startTestConsumer(t, servers, [provider], { ...settings, GATEWAY_WEBHOOK_URL });
  const { path } = await sold();
  const { redirectUrl, paymentId } = await started(path);
  const session = new URL(redirectUrl).searchParams.get('session') ?? '';
  const body = new URLSearchParams({ session, action: 'pay' });
  await fetch(`${other}/sandbox-gateway/pay`, { method: 'POST', body, redirect: 'manual' });
  await waitFor(
    'three tries',
    () => {
      if (ids.length < 3) throw new Error(String(ids.length));
    },
    { limitMs: 10_000 },
  );
  t.same(ids, Array(3).fill(`${paymentId}-succeeded`));
});

t.test('without a gateway payments are refused and its pages do not exist', async (t) => {
  const off = await startTestConsumer(t, servers, [provider], { GATEWAY: 'off' });
  const { path } = await sold();
  const answer = await fetch(`${off}${path}/payments`, { method: 'POST', headers: bearer('ann') });
  t.equal(answer.status, 503);
  t.match(await answer.json(), { code: 'unavailable', detail: /switched off/ });
  t.equal((await fetch(`${off}/sandbox-gateway/done`)).status, 404);
});
