import t from 'tap';
import { bearer } from '../../testing/clients/create-token.ts';
import { createTestStock } from '../../testing/orders/create-test-stock.ts';
import { waitForLog } from '../../testing/orders/wait-for-log.ts';
import { createTestServers, type TestServers } from '../../testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider, startTestWorker } from '../../testing/servers/start-test-system.ts';
import { judgeOrder, judgeStock } from './judge-answer.js';

let servers: TestServers;
let provider: number;
let url: string;

async function ask(method: string, address: string, buyer?: string) {
  const response = await fetch(address, { method, headers: buyer === undefined ? {} : bearer(buyer) });
  const header = (name: string) => response.headers.get(name) ?? undefined;
  return { status: response.status, header, body: await response.text() };
}

const order = (base: string, sid: number, buyer?: string) => ask('POST', `${base}/api/v1/stocks/${sid}/orders`, buyer);

t.before(async () => {
  servers = await createTestServers(t);
  provider = await startTestProvider(t, servers);
  await startTestWorker(t, servers);
  url = await startTestConsumer(t, servers, [provider]);
  await waitForLog(t, servers, provider);
});

t.test('the responses of a sale are right', async (t) => {
  const sid = await createTestStock(servers.mysql, { count: 1 });
  t.same(judgeOrder(await order(url, sid, 'ann'), sid), { outcome: 'confirmed' });
  const again = await order(url, sid, 'ann');
  t.equal(again.status, 200);
  t.same(judgeOrder(again, sid), { outcome: 'confirmed' });
  t.same(judgeOrder(await order(url, sid, 'bob'), sid), { outcome: 'soldOut' });
  t.equal(judgeStock(await ask('GET', `${url}/api/v1/stocks/${sid}`), sid), undefined);
});

t.test('a buyer who must repeat the order is pending or rejected', async (t) => {
  const sid = await createTestStock(servers.mysql);
  const limits = { BUYER_BURST: '1', BUYER_RATE: '1', ORDER_WAIT_MS: '0' };
  const base = await startTestConsumer(t, servers, [provider], limits);
  t.same(judgeOrder(await order(base, sid, 'ann'), sid), { outcome: 'pending' });
  const limited = await order(base, sid, 'ann');
  t.equal(limited.status, 429);
  t.same(judgeOrder(limited, sid), { outcome: 'rejected' });
  const unreachable = { ...servers, mysqlUrl: 'mysql://user:x@127.0.0.1:1/none' };
  const alone = await startTestProvider(t, unreachable, { KAFKA_BROKERS: '127.0.0.1:1' });
  const unable = await order(await startTestConsumer(t, servers, [alone]), sid, 'bob');
  t.equal(unable.status, 503);
  t.same(judgeOrder(unable, sid), { outcome: 'rejected' });
});

t.test('all other responses are wrong', async (t) => {
  const sid = await createTestStock(servers.mysql);
  const right = await order(url, sid, 'ann');
  const header = () => undefined;
  const wrong = [
    await order(url, sid),
    await order(url, 1 + sid, 'ann'),
    { ...right, body: '{"orderNo":"0"}' },
    { ...right, body: '' },
    { ...right, header },
    { status: 410, header, body: '{"code":"gone"}' },
    { status: 503, header, body: '' },
    { status: 0, header, body: '' },
  ];
  for (const answer of wrong) t.match(judgeOrder(answer, sid), { wrong: String }, `${answer.status}`);
  t.match(judgeOrder(right, 1 + sid), { wrong: /order number of stock/ });
  const stock = (sold: number, left: number) => ({
    status: 200,
    header,
    body: JSON.stringify({ sid: String(sid), count: 10, sold, left }),
  });
  t.equal(judgeStock(stock(4, 6), sid), undefined);
  for (const answer of [stock(11, -1), stock(4, 5), { ...stock(4, 6), status: 500 }])
    t.type(judgeStock(answer, sid), 'string');
});
