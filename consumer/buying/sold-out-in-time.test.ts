import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { waitUntil } from '../../ci/command/wait-until.ts';
import { callApi } from '../../ci/testing/clients/call-api.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { createTestServers } from '../../ci/testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider } from '../../ci/testing/servers/start-test-system.ts';

// A unit may have been returned during a slow 410, so other buyers must not get it from a cache.

const LOCKED_MS = 1200;

t.test('only a quick 410 is cacheable', async (t) => {
  const servers = await createTestServers(t);
  const provider = await startTestProvider(t, servers, { MYSQL_STATEMENT_MS: '3000' });
  const url = await startTestConsumer(t, servers, [provider], { ORDER_WAIT_MS: '3000' });
  const sid = await createTestStock(servers.mysql, { count: 0 });
  const order = (as: string) => callApi(url, `/api/v1/stocks/${sid}/orders`, { method: 'POST', as });
  await waitUntil(
    'a quick 410',
    async () => {
      const { status, headers } = await order('ann');
      if (status !== 410 || headers.get('x-accel-expires') !== '1') throw new Error(`${status}`);
    },
    { limitMs: 15_000 },
  );

  // Locked, so that the look-up of bob's orders is slow.
  const admin = await servers.mysql.client.acquireConnection();
  const run = (sql: string) => servers.mysql.raw(sql).connection(admin);
  await run('LOCK TABLES stock_order WRITE');
  const slow = order('bob');
  await sleep(LOCKED_MS);
  await run('UNLOCK TABLES');
  await servers.mysql.client.releaseConnection(admin);
  const late = await slow;
  t.equal(late.status, 410);
  t.equal(late.headers.get('x-accel-expires'), null);
});
