import t from 'tap';
import { waitUntil } from '../../ci/command/wait-until.ts';
import { callApi } from '../../ci/testing/clients/call-api.ts';
import { connectTestClient } from '../../ci/testing/clients/connect-test-client.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { createTestServers } from '../../ci/testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider, startTestWorker } from '../../ci/testing/servers/start-test-system.ts';
import { startTestProxy } from '../../ci/testing/servers/test-proxy.ts';
import { createTestRedisClient } from '../../ci/testing/servers/test-redis.ts';

const servers = await createTestServers(t);
const { mysql } = servers;
const COOLDOWN_MS = 3000;
const settings = { COOLDOWN: '3' };
const provider = await startTestProvider(t, servers, settings);
const client = connectTestClient(t, provider);
await startTestWorker(t, servers, settings);
const start = (more: Record<string, string> = settings) => startTestConsumer(t, servers, [provider], more);
const [first, second, without] = await Promise.all([start(), start(), start({})]);
const redis = await createTestRedisClient(t, servers.redisUrl);

type Sent = { key?: string; attempt?: number; at?: string };

const buy = (sid: number, buyer: string, { key, attempt, at = first }: Sent = {}) =>
  callApi(`${at}/api/v1`, `/stocks/${sid}/orders`, {
    as: buyer,
    body: {},
    headers: { ...(key && { 'idempotency-key': `"${key}"` }), ...(attempt && { 'idempotency-attempt': `${attempt}` }) },
  });

async function buyAndCancel(sid: number, buyer: string, sent: Sent = {}): Promise<string> {
  const bought = await buy(sid, buyer, sent);
  t.equal(bought.status, 201, bought.text);
  const orderNo = String(bought.body.orderNo);
  t.match(await client.cancelOrder({ orderNo, buyer }), { outcome: 'CHANGED' });
  return orderNo;
}

const rowsOf = async (sid: number) => (await mysql('stock_order').where({ sid })).length;

t.test('who has cancelled is kept out of this stock at every consumer, and admitted after the time', async (t) => {
  const [sid, other] = [await createTestStock(mysql), await createTestStock(mysql)];
  await buyAndCancel(sid, 'ann');
  const cancelledAtMs = Date.now();
  for (const at of [first, second]) {
    const refused = await buy(sid, 'ann', { at });
    t.match(refused, { status: 409, body: { code: 'cooldown' } }, refused.text);
    const untilMs = Date.parse(String(refused.body.until));
    t.ok(untilMs > cancelledAtMs && untilMs <= Date.now() + COOLDOWN_MS, String(refused.body.until));
    const retryAfter = Number(refused.headers.get('retry-after'));
    t.ok(retryAfter >= 1 && retryAfter <= 3, `${retryAfter}`);
  }
  t.equal((await buy(other, 'ann')).status, 201, 'another stock');
  t.equal((await buy(sid, 'bob')).status, 201, 'another buyer');
  t.equal((await buy(sid, 'ann', { at: without })).status, 201, 'a consumer without the setting');
  t.equal(await rowsOf(sid), 3, 'no refusal is a row');
  const again = await createTestStock(mysql);
  await buyAndCancel(again, 'ann');
  t.equal((await buy(again, 'ann')).status, 409);
  const admitted = async () => {
    if ((await buy(again, 'ann')).status !== 201) throw new Error('kept out');
  };
  await waitUntil('the end of the cooldown', admitted, { limitMs: COOLDOWN_MS + 2000 });
});

t.test('an order that expired keeps its buyer out', async (t) => {
  const sid = await createTestStock(mysql);
  const { body } = await buy(sid, 'ann');
  await mysql('stock_order')
    .where({ order_no: body.orderNo })
    .update({ pay_by: new Date(Date.now() - 1000) });
  const expired = async () => {
    const row = await mysql('stock_order').where({ order_no: body.orderNo }).first();
    if (row.state !== 'expired') throw new Error(row.state);
    if ((await redis.pTTL(redis.names.cooldown(sid, 'ann'))) <= 0) throw new Error('no cooldown yet');
  };
  await waitUntil('the order to expire', expired, { limitMs: 10_000 });
  t.match(await buy(sid, 'ann', { at: second }), { status: 409, body: { code: 'cooldown' } });
});

t.test('a repeat of an order gets its own answer, and an unknown number may be sent again', async (t) => {
  const sid = await createTestStock(mysql);
  const orderNo = await buyAndCancel(sid, 'ann', { key: 'a', attempt: 1 });
  for (const sent of [{ key: 'a', attempt: 2 }, { key: 'a' }, { key: 'a', attempt: 1, at: second }]) {
    t.match(await buy(sid, 'ann', sent), { status: 200, body: { orderNo, state: 'cancelled' } });
  }
  const refused = await buy(sid, 'ann', { key: 'b', attempt: 2 });
  t.match(refused, { status: 409, body: { code: 'cooldown' } });
  t.equal(refused.body.orderNo, undefined, 'not final');
  await redis.del(redis.names.cooldown(sid, 'ann'));
  t.equal((await buy(sid, 'ann', { key: 'b', attempt: 3 })).status, 201);
  await redis.set(redis.names.cooldown(sid, 'ann'), '1', { expiration: { type: 'PX', value: COOLDOWN_MS } });
  t.equal((await buy(sid, 'ann', { key: 'c', attempt: 1 })).status, 200, 'an active order is named');
});

t.test('a sold-out stock is sold out for those who are kept out, too', async (t) => {
  const sid = await createTestStock(mysql, { count: 1 });
  await buyAndCancel(sid, 'ann');
  t.equal((await buy(sid, 'bob')).status, 201);
  await waitUntil(
    'sold out',
    async () => {
      if ((await buy(sid, 'ann')).status !== 410) throw new Error('not yet');
    },
    { limitMs: COOLDOWN_MS },
  );
});

t.test('without Redis no buyer is kept out', async (t) => {
  const sid = await createTestStock(mysql);
  await buyAndCancel(sid, 'ann');
  const proxy = await startTestProxy(t, new URL(servers.redisUrl).host);
  const url = new URL(servers.redisUrl);
  url.host = proxy.address;
  const lost = await startTestConsumer(t, { redisUrl: url.href }, [provider], settings);
  t.equal((await buy(sid, 'ann', { at: lost })).status, 409, 'with Redis');
  proxy.cut();
  // Decisions are not delivered either, so the answer may be that the order is pending.
  const { status } = await buy(sid, 'ann', { at: lost });
  t.ok(status === 201 || status === 202, `${status}`);
});
