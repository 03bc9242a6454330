import t from 'tap';
import { callApi } from '../ci/testing/clients/call-api.ts';
import { createTestStock } from '../ci/testing/orders/create-test-stock.ts';
import { createTestServers, type TestServers } from '../ci/testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider, startTestWorker } from '../ci/testing/servers/start-test-system.ts';
import { createTestDatabase } from '../ci/testing/servers/test-database.ts';
import { createTestRedisUser } from '../ci/testing/servers/test-redis.ts';
import { createTestTopics } from '../ci/testing/servers/test-topics.ts';

// Two systems with their own databases and topics, and one Redis database.

const first = await createTestServers(t);
const [database, topics] = await Promise.all([createTestDatabase(t), createTestTopics(t)]);
const other: TestServers = { ...first, mysql: database.mysql, mysqlUrl: database.url, topics };

// A Redis user with access to both: only key names separate the systems.
const redisUrl = await createTestRedisUser(t, first.redisUrl, 'one:', 'other:', '');

async function startSystem({ servers, prefix }: { servers: TestServers; prefix: string }): Promise<string> {
  const settings = { REDIS_PREFIX: prefix, REDIS_URL: redisUrl };
  const provider = await startTestProvider(t, servers, settings);
  await startTestWorker(t, servers, settings);
  return `${await startTestConsumer(t, servers, [provider], settings)}/api/v1`;
}

t.test('two systems on one Redis do not mix up stocks with the same id', async (t) => {
  const sid = await createTestStock(first.mysql, { count: 1, name: 'first' });
  await createTestStock(other.mysql, { sid, count: 5, name: 'other' });
  const [firstApi = '', otherApi = ''] = await Promise.all([
    startSystem({ servers: first, prefix: 'one:' }),
    startSystem({ servers: other, prefix: 'other:' }),
  ]);
  t.equal((await callApi(firstApi, `/stocks/${sid}/orders`, { as: 'ann', body: {} })).status, 201);
  t.equal((await callApi(firstApi, `/stocks/${sid}/orders`, { as: 'bob', body: {} })).status, 410);
  t.match((await callApi(firstApi, `/stocks/${sid}`)).body, { name: 'first' });
  // While Redis caches the read of the first system.
  t.match((await callApi(otherApi, `/stocks/${sid}`)).body, { name: 'other' });
  t.equal((await callApi(otherApi, `/stocks/${sid}/orders`, { as: 'bob', body: {} })).status, 201);
});
