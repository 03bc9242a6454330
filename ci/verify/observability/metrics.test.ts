import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import t from 'tap';
import { parseMetrics, sumOf } from '../../command/parse-metrics.ts';
import { waitUntil } from '../../command/wait-until.ts';
import { findFreePorts } from '../../local/ports/find-free-ports.ts';
import { callApi } from '../../testing/clients/call-api.ts';
import { bearer } from '../../testing/clients/create-token.ts';
import { createTestStock } from '../../testing/orders/create-test-stock.ts';
import { waitForLog } from '../../testing/orders/wait-for-log.ts';
import { createTestServers } from '../../testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider, startTestWorker } from '../../testing/servers/start-test-system.ts';

// Each figure in the situation that it is for.

const root = t;
const servers = await createTestServers(t);
const { mysql } = servers;
const WEBHOOK_SECRET = `whsec_${Buffer.from('a secret of thirty-two characters').toString('base64')}`;
const [atProvider = 0, atConsumer = 0] = await findFreePorts(2);
const provider = await startTestProvider(t, servers, { METRICS_PORT: String(atProvider) });
const consumer = await startTestConsumer(t, servers, [provider], { METRICS_PORT: String(atConsumer), WEBHOOK_SECRET });

async function read(port: number, name: string, labels: Record<string, string> = {}): Promise<number> {
  return sumOf(parseMetrics(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()), name, labels);
}

const waitFor = (port: number, name: string, isRight: (value: number) => boolean, labels = {}) =>
  waitUntil(
    `${name} to be right`,
    async () => {
      const value = await read(port, name, labels);
      if (!isRight(value)) throw new Error(String(value));
    },
    { limitMs: 60_000 },
  );

const buy = (url: string, sid: number, buyer: string) =>
  callApi(url, `/api/v1/stocks/${sid}/orders`, { method: 'POST', headers: bearer(buyer) });

t.test('without a worker the providers show what is pending, and the consumer how long', async (t) => {
  const early = await startTestWorker(t, servers);
  await waitForLog(t, servers, provider);
  await waitFor(atProvider, 'flashsale_partition_lag_records', (records) => records === 0);
  await early.close();
  const appendedBefore = await read(atProvider, 'flashsale_append_seconds_count', { outcome: 'acknowledged' });
  const sid = await createTestStock(mysql, { count: 5 });
  const bought = [buy(consumer, sid, 'ann'), buy(consumer, sid, 'bob')];
  await waitFor(atProvider, 'flashsale_partition_lag_records', (records) => records > 0);
  await waitFor(atConsumer, 'flashsale_orders_undecided_age_seconds', (seconds) => seconds > 0.5);
  t.equal(await read(atConsumer, 'flashsale_orders_undecided'), 2);
  const appended = await read(atProvider, 'flashsale_append_seconds_count', { outcome: 'acknowledged' });
  t.ok(appended > appendedBefore, `${appended}`);
  t.ok((await read(atProvider, 'flashsale_append_seconds_sum', { outcome: 'acknowledged' })) > 0);

  await startTestWorker(root, servers);
  await Promise.all(bought);
  await waitFor(atProvider, 'flashsale_partition_lag_records', (records) => records === 0);
  await waitFor(atConsumer, 'flashsale_orders_undecided_age_seconds', (seconds) => seconds === 0);
});

t.test('a payment counts once, by its outcome', async (t) => {
  const sid = await createTestStock(mysql, { count: 1, priceCents: 1999, currency: 'EUR' });
  const { body: order } = await buy(consumer, sid, 'cat');
  const path = `/api/v1/orders/${order.orderNo}/payments`;
  const payment = await waitUntil(
    'a payment',
    async () => {
      const { status, body } = await callApi(consumer, path, { method: 'POST', headers: bearer('cat') });
      if (status !== 201) throw new Error(JSON.stringify(body));
      return body;
    },
    { limitMs: 60_000 },
  );
  const send = async (id: string) => {
    const at = new Date();
    const data = { paymentId: payment.paymentId, orderNo: order.orderNo, amountCents: 1999, currency: 'EUR' };
    const body = JSON.stringify({ type: 'payment.succeeded', timestamp: at.toISOString(), data });
    const headers = {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(WEBHOOK_SECRET).sign(id, at, body),
    };
    const { status } = await fetch(`${consumer}/api/v1/payments/webhook`, { method: 'POST', headers, body });
    t.equal(status, 200);
  };
  const name = 'flashsale_payment_outcomes_total';
  const id = randomUUID();
  await send(id);
  await send(id);
  t.equal(await read(atProvider, name, { outcome: 'paid' }), 1, 'a repeated event does not count');
  await send(randomUUID());
  t.equal(await read(atProvider, name), 2, 'another event does');
});

t.test('a consumer without Redis counts the decisions of its limiter', async (t) => {
  const [port = 0] = await findFreePorts(1);
  const away = { REDIS_URL: 'redis://127.0.0.1:1', METRICS_PORT: String(port) };
  const url = await startTestConsumer(t, servers, [provider], away);
  const sid = await createTestStock(mysql, { count: 1 });
  t.equal(await read(port, 'flashsale_limiter_fallbacks_total'), 0);
  t.match(String((await buy(url, sid, 'dan')).status), /^20[12]$/);
  t.equal(await read(port, 'flashsale_limiter_fallbacks_total'), 1);
});

t.test('a consumer that cannot read its key set counts it', async (t) => {
  const [port = 0, closed = 0] = await findFreePorts(2);
  const JWKS_URL = `http://127.0.0.1:${closed}/keys`;
  const url = await startTestConsumer(t, servers, [provider], { JWT_SECRET: '', JWKS_URL, METRICS_PORT: String(port) });
  t.equal(await read(port, 'flashsale_jwks_failures_total'), 0);
  const header = Buffer.from('{"alg":"RS256","kid":"a"}').toString('base64url');
  const { status } = await callApi(url, '/api/v1/orders', { headers: { authorization: `Bearer ${header}.e30.c2ln` } });
  t.equal(status, 503);
  t.ok((await read(port, 'flashsale_jwks_failures_total')) > 0);
});

t.test('each process tells its version', async (t) => {
  for (const port of [atProvider, atConsumer]) t.equal(await read(port, 'flashsale_build_info'), 1);
  const text = await (await fetch(`http://127.0.0.1:${atProvider}/metrics`)).text();
  t.match(text, /flashsale_build_info\{version="\d+\.\d+\.\d+",commit="[0-9a-f]*"\} 1/);
});
