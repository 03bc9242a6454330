import t from 'tap';
import { createToken } from '../../ci/testing/clients/create-token.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { waitForLog } from '../../ci/testing/orders/wait-for-log.ts';
import { createTestServers } from '../../ci/testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider, startTestWorker } from '../../ci/testing/servers/start-test-system.ts';
import { realClock } from '../../proto/process/clock.ts';
import { createDeviceLimit } from './device-limit.ts';

t.test('buyers of one device are limited for each stock, until the window ends', async (t) => {
  let nowMs = 1000;
  const limit = createDeviceLimit({ ...realClock, nowMs: () => nowMs }, { DEVICE_LIMIT: 2, DEVICE_WINDOW: 60 });
  if (!limit) throw new Error('off');
  const ask = (buyer: string, device: string | null = 'phone', sid = 7) => limit({ buyer, device }, sid);
  t.same([ask('ann'), ask('bob'), ask('ann')], [null, null, null], 'a repeat counts once');
  nowMs += 20_000;
  t.match(ask('eve'), { code: 'too_many_requests', headers: { 'retry-after': '40' } });
  t.equal(ask('bob'), null, 'who was counted may repeat');
  t.equal(ask('eve', 'phone', 8), null, 'another stock');
  t.equal(ask('eve', 'other'), null, 'another device');
  t.equal(ask('kim', null), null, 'a token without the claim');
  nowMs += 40_000;
  t.equal(ask('eve'), null);
  t.equal(createDeviceLimit(realClock, { DEVICE_LIMIT: 0, DEVICE_WINDOW: 60 }), null);
});

t.test('orders and entries above DEVICE_LIMIT get 429, and a buyer with an order still gets it', async (t) => {
  const servers = await createTestServers(t);
  const provider = await startTestProvider(t, servers);
  await startTestWorker(t, servers);
  const settings = { DEVICE_CLAIM: 'device', DEVICE_LIMIT: '1' };
  const [url, other] = [
    await startTestConsumer(t, servers, [provider], settings),
    await startTestConsumer(t, servers, [provider], settings),
  ];
  await waitForLog(t, servers, provider);
  const sid = await createTestStock(servers.mysql, { count: 5 });
  const post = async (
    base: string,
    what: string,
    buyer: string,
    headers: Record<string, string> = {},
    of: number = sid,
  ) => {
    const authorization = `Bearer ${createToken(buyer, { claims: { device: 'phone' } })}`;
    const init = { method: 'POST', headers: { authorization, ...headers } };
    const response = await fetch(`${base}/api/v1/stocks/${of}/${what}`, init);
    return { status: response.status, body: (await response.json()) as Record<string, unknown>, response };
  };
  const key = { 'idempotency-key': '"a"' };
  const ann = await post(url, 'orders', 'ann', key);
  t.equal(ann.status, 201);
  const bob = await post(url, 'orders', 'bob');
  t.match(bob, { status: 429, body: { code: 'too_many_requests' } });
  t.ok(Number(bob.response.headers.get('retry-after')) > 60);
  // The other consumer counts for itself.
  t.equal((await post(other, 'orders', 'cem')).status, 201);
  const again = await post(other, 'orders', 'ann', key);
  t.match(again, { status: 201, body: { orderNo: ann.body.orderNo } }, 'a known order is answered');
  const draw = await createTestStock(servers.mysql, { count: 5, mode: 'draw' });
  t.equal((await post(url, 'orders', 'ann', {}, draw)).status, 409);
  t.equal((await post(url, 'entry', 'bob', {}, draw)).status, 429, 'of orders and entries together');
});
