import t from 'tap';
import { callApi } from '../../ci/testing/clients/call-api.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { createTestServers } from '../../ci/testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider } from '../../ci/testing/servers/start-test-system.ts';

const servers = await createTestServers(t);
const provider = await startTestProvider(t, servers);
const url = await startTestConsumer(t, servers, [provider], { BLOCK_LIMIT: '2' });
const none = await createTestStock(servers.mysql, { count: 0 });

const order = async (buyer: string, address: string) => {
  const headers = { 'x-forwarded-for': address };
  const { status } = await callApi(`${url}/api/v1`, `/stocks/${none}/orders`, { as: buyer, method: 'POST', headers });
  return status;
};

t.test('the orders of a block of addresses are limited together, those of others are not', async (t) => {
  const started = performance.now();
  const together = await Promise.all(
    Array.from({ length: 40 }, (_, i) => order(`ann-${i}`, i % 2 === 0 ? '198.51.100.7' : '198.51.100.8')),
  );
  const allowed = together.filter((status) => status === 410).length;
  // A busy machine gives tokens back meanwhile.
  const most = 2 + Math.ceil(((performance.now() - started) / 1000) * 2);
  t.ok(allowed >= 2 && allowed <= most, `${allowed} of at most ${most}`);
  t.equal(together.filter((status) => status === 429).length, 40 - allowed);
  t.equal(await order('bob', '198.51.101.7'), 410);
  t.equal(await order('eve', '2001:db8::7'), 410);
});
