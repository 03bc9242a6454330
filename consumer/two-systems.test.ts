import t from 'tap';
import { callApi } from '../ci/testing/clients/call-api.ts';
import { createTestStock } from '../ci/testing/orders/create-test-stock.ts';
import { createTestServers, type TestServers } from '../ci/testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider, startTestWorker } from '../ci/testing/servers/start-test-system.ts';
import { createTestDatabase } from '../ci/testing/servers/test-database.ts';
import { createTestRedisUser } from '../ci/testing/servers/test-redis.ts';
import { createTestTopics } from '../ci/testing/servers/test-topics.ts';

// Two systems with a database and topics each and one database of one Redis.

const one = await createTestServers(t);
const [database, topics] = await Promise.all([createTestDatabase(t), createTestTopics(t)]);
const other: TestServers = { ...one, mysql: database.mysql, mysqlUrl: database.url, topics };

// A user who may use any of their names: only the names keep them apart.
const redisUrl = await createTestRedisUser(t, one.redisUrl, 'one:', 'other:', '');

async function startSystem({ servers, prefix }: { servers: TestServers; prefix: string }): Promise<string> {
  const settings = { REDIS_PREFIX: prefix, REDIS_URL: redisUrl };
  const provider = await startTestProvider(t, servers, settings);
  await startTestWorker(t, servers, settings);
  return `${await startTestConsumer(t, servers, [provider], settings)}/api/v1`;
}

t.test('stocks with the same number of two systems on one Redis are not mixed up', async (t) => {
  const sid = await createTestStock(one.mysql, { count: 1, name: 'one' });
  await createTestStock(other.mysql, { sid, count: 5, name: 'other' });
  const [oneApi = '', otherApi = ''] = await Promise.all([
    startSystem({ servers: one, prefix: 'one:' }),
    startSystem({ servers: other, prefix: 'other:' }),
  ]);
  t.equal((await callApi(oneApi, `/stocks/${sid}/orders`, { as: 'ann', body: {} })).status, 201);
  t.equal((await callApi(oneApi, `/stocks/${sid}/orders`, { as: 'bob', body: {} })).status, 410);
  t.match((await callApi(oneApi, `/stocks/${sid}`)).body, { name: 'one' });
  // Within the second in which the first system's read is kept in Redis.
  t.match((await callApi(otherApi, `/stocks/${sid}`)).body, { name: 'other' });
  t.equal((await callApi(otherApi, `/stocks/${sid}/orders`, { as: 'bob', body: {} })).status, 201);
});
