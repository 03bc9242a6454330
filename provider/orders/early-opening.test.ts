import t from 'tap';
import { connectTestClient } from '../../ci/testing/clients/connect-test-client.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { waitForLog } from '../../ci/testing/orders/wait-for-log.ts';
import { createTestServers } from '../../ci/testing/servers/create-test-servers.ts';
import { startTestProvider } from '../../ci/testing/servers/start-test-system.ts';
import { startTestProxy } from '../../ci/testing/servers/test-proxy.ts';
import { STOCK_FRESH_MS } from '../../db/stocks/stock-cache.ts';
import { startLagReader } from '../../proto/kafka/kafka.ts';
import { mintOrderNumber } from '../../proto/messages/order-number.ts';
import { pause, realClock } from '../../proto/process/clock.ts';

// MySQL does not answer before the sale opens. The provider must then refuse orders.

const servers = await createTestServers(t);
const { mysql, topics } = servers;
const database = new URL(servers.mysqlUrl);
const proxy = await startTestProxy(t, database.host);
database.host = proxy.address;
const port = await startTestProvider(t, { ...servers, mysqlUrl: database.href });
await waitForLog(t, servers, port);
const client = connectTestClient(t, port);
const log = await startLagReader(topics.target, topics.names.orders, topics.names.workerGroup);
t.teardown(() => log.close());

const order = (sid: number, buyer: string) => ({
  orderNo: mintOrderNumber('key', sid, buyer),
  sid,
  buyer,
  mintedAtMs: Date.now(),
  repeat: false,
});
const placementsOf = async (orders: ReturnType<typeof order>[]) =>
  (await client.placeOrders({ orders, replyTo: '' })).orders.map(({ placement }) => placement);
async function logEnd(): Promise<bigint> {
  return [...(await log.read()).values()].reduce((sum, { end }) => sum + end, 0n);
}

t.test('without MySQL a known stock keeps its window, and an unknown stock is busy', async (t) => {
  const opensAtMs = Date.now() + 3_600_000;
  const known = await createTestStock(mysql, { count: 5, opensAtMs });
  const unknown = await createTestStock(mysql, { count: 5, opensAtMs });
  t.same(await placementsOf([order(known, 'ann')]), ['REFUSED_NOT_OPEN']);
  const before = await logEnd();
  proxy.blackHole('all');
  t.teardown(() => proxy.restore());
  // The last read is stale by then.
  await pause(realClock, STOCK_FRESH_MS + 100);
  const orders = ['ann', 'bob', 'cid', 'dan', 'eve', 'fay', 'gus'].map((buyer) => order(known, buyer));
  t.same(await placementsOf(orders), Array(7).fill('REFUSED_NOT_OPEN'));
  t.same(await placementsOf([order(unknown, 'ann')]), ['REFUSED_BUSY']);
  t.equal(await logEnd(), before, 'nothing was appended');
});
