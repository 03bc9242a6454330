import { status } from '@grpc/grpc-js';
import t from 'tap';
import { waitUntil } from '../../ci/command/wait-until.ts';
import { connectTestClient, type TestClient } from '../../ci/testing/clients/connect-test-client.ts';
import { auditStock } from '../../ci/testing/orders/audit-stock.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { createTestServers } from '../../ci/testing/servers/create-test-servers.ts';
import { startTestProvider } from '../../ci/testing/servers/start-test-system.ts';
import { createTestRedisClient } from '../../ci/testing/servers/test-redis.ts';
import { waitForStatements } from '../../ci/testing/wait-for-statements.ts';
import { readOrders } from '../../db/orders/order-table.ts';
import { createLadderCounters } from '../../db/stocks/ladder-counters.ts';
import type { Stock } from '../../db/stocks/stock-table.ts';
import { realClock } from '../../proto/process/clock.ts';

const servers = await createTestServers(t);
const { mysql, database } = servers;
const client = connectTestClient(t, await startTestProvider(t, servers, { MYSQL_STATEMENT_MS: '8000' }));
const redis = await createTestRedisClient(t, servers.redisUrl);
const counters = createLadderCounters(realClock, redis);

type Strategy = keyof TestClient & `create${string}Order${string}`;
const direct = [
  'createWrongOrder',
  'createPessimisticOrder',
  'createOptimisticOrder',
  'createOptimisticOrderUseRedis',
] as const satisfies Strategy[];
const all = [...direct, 'createOptimisticOrderUseRedisAndKafka'] as const satisfies Strategy[];

/** Locks the row of the stock until `count` statements that are LIKE the pattern wait for it. */
async function sellBehindALock(sid: number, strategy: Strategy, like: string, count: number): Promise<string[]> {
  const holder = await mysql.transaction();
  await holder.raw('SELECT id FROM stock WHERE id = ? FOR UPDATE', [sid]);
  const replies = Array.from({ length: count }, () => client[strategy]({ sid }));
  try {
    await waitForStatements(mysql, like, count);
  } finally {
    await holder.commit();
  }
  return (await Promise.all(replies)).map(({ outcome }) => outcome).sort();
}

for (const strategy of direct) {
  t.test(`${strategy}: an order is a row, and after the last unit no order is created`, async (t) => {
    const sid = await createTestStock(mysql, { kind: 'ladder', count: 1, priceCents: 5 });
    const { orderNo, outcome } = await client[strategy]({ sid });
    t.equal(outcome, 'CREATED');
    const [row] = await database.session((session) => readOrders(session, [orderNo]));
    t.match(row, { sid, buyer: orderNo, state: 'awaiting_payment', priceCents: 5, payByMs: null, name: 'A lamp' });
    t.match(await client[strategy]({ sid }), { outcome: 'NONE_LEFT', orderNo: '' });
    t.match(await auditStock(mysql, sid), { sale: 1, live: 1, version: 1 });
  });
}

for (const strategy of all) {
  t.test(`${strategy}: sells only stocks of the ladder, and rejects an invalid id`, async (t) => {
    const sid = await createTestStock(mysql, { kind: 'sale' });
    t.match(await client[strategy]({ sid }), { outcome: 'NO_STOCK', orderNo: '' });
    t.match(await client[strategy]({ sid: 4040 }), { outcome: 'NO_STOCK', orderNo: '' });
    await t.rejects(client[strategy]({ sid: -1 }), { code: status.INVALID_ARGUMENT });
    t.match(await auditStock(mysql, sid), { sale: 0, live: 0 });
  });
}

t.test('the wrong strategy sells one unit to all orders that read before the first write', async (t) => {
  const sid = await createTestStock(mysql, { kind: 'ladder', count: 1 });
  const outcomes = await sellBehindALock(sid, 'createWrongOrder', 'UPDATE stock SET sale = %', 4);
  t.same(outcomes, ['CREATED', 'CREATED', 'CREATED', 'CREATED']);
  t.match(await auditStock(mysql, sid), { count: 1, sale: 1, live: 4 });
});

t.test('with the pessimistic strategy one order reads after the other', async (t) => {
  const sid = await createTestStock(mysql, { kind: 'ladder', count: 2 });
  const outcomes = await sellBehindALock(sid, 'createPessimisticOrder', '%FOR UPDATE', 4);
  t.same(outcomes, ['CREATED', 'CREATED', 'NONE_LEFT', 'NONE_LEFT']);
  t.match(await auditStock(mysql, sid), { sale: 2, live: 2 });
});

t.test(
  'with the optimistic strategy one of the orders with the same version wins, and the others fail at once',
  async (t) => {
    const sid = await createTestStock(mysql, { kind: 'ladder', count: 3 });
    const outcomes = await sellBehindALock(sid, 'createOptimisticOrder', 'UPDATE stock SET sale = sale +%', 4);
    t.same(outcomes, ['CREATED', 'LOST_RACE', 'LOST_RACE', 'LOST_RACE']);
    t.match(await auditStock(mysql, sid), { sale: 1, live: 1 });
  },
);

t.test('the strategy with Redis loses races by the same version check', async (t) => {
  const sid = await createTestStock(mysql, { kind: 'ladder', count: 3 });
  const outcomes = await sellBehindALock(sid, 'createOptimisticOrderUseRedis', 'UPDATE stock SET sale = sale +%', 4);
  t.same(outcomes, ['CREATED', 'LOST_RACE', 'LOST_RACE', 'LOST_RACE']);
  t.match(await auditStock(mysql, sid), { sale: 1, live: 1 });
});

t.test('concurrent orders never oversell, except with the wrong strategy', async (t) => {
  for (const strategy of [
    'createPessimisticOrder',
    'createOptimisticOrder',
    'createOptimisticOrderUseRedis',
  ] as const) {
    const sid = await createTestStock(mysql, { kind: 'ladder', count: 5 });
    const replies = await Promise.all(Array.from({ length: 30 }, () => client[strategy]({ sid })));
    const created = replies.filter(({ outcome }) => outcome === 'CREATED').length;
    const audit = await auditStock(mysql, sid);
    t.ok(audit.live <= 5, strategy);
    t.match(audit, { sale: created, live: created }, strategy);
    if (strategy === 'createPessimisticOrder') t.equal(created, 5);
  }
});

t.test('the strategy with Redis increments the counters after the commit', async (t) => {
  const sid = await createTestStock(mysql, { kind: 'ladder', count: 9 });
  for (let i = 0; i < 3; i += 1) t.match(await client.createOptimisticOrderUseRedis({ sid }), { outcome: 'CREATED' });
  t.same(await counters.read(sid), { count: 9, sale: 3, version: 3 });
});

t.test('the strategy with Redis uses stale counters for at most a second', async (t) => {
  const sid = await createTestStock(mysql, { kind: 'ladder', count: 9 });
  await counters.refresh({ sid, count: 9, sale: 9, version: 50 } as Stock);
  t.match(await client.createOptimisticOrderUseRedis({ sid }), { outcome: 'NONE_LEFT' });
  const startedMs = performance.now();
  await waitUntil(
    'the counters to be right again',
    async () => {
      const { outcome } = await client.createOptimisticOrderUseRedis({ sid });
      if (outcome !== 'CREATED') throw new Error(outcome);
    },
    { limitMs: 3000 },
  );
  t.ok(performance.now() - startedMs < 1400);
});

t.test('stale counters cause one lost race, and are then reloaded', async (t) => {
  const sid = await createTestStock(mysql, { kind: 'ladder', count: 9 });
  await counters.refresh({ sid, count: 9, sale: 0, version: 0 } as Stock);
  await mysql.raw('UPDATE stock SET version = version + 1, sale = 4 WHERE id = ?', [sid]);
  t.match(await client.createOptimisticOrderUseRedis({ sid }), { outcome: 'LOST_RACE' });
  t.match(await client.createOptimisticOrderUseRedis({ sid }), { outcome: 'CREATED' });
  t.match(await auditStock(mysql, sid), { sale: 5, live: 1 });
});

t.test('lost counters are reloaded', async (t) => {
  const sid = await createTestStock(mysql, { kind: 'ladder', count: 9 });
  t.match(await client.createOptimisticOrderUseRedis({ sid }), { outcome: 'CREATED' });
  await redis.del(redis.names.ladderCounters(sid));
  t.match(await client.createOptimisticOrderUseRedis({ sid }), { outcome: 'CREATED' });
  t.same(await counters.read(sid), { count: 9, sale: 2, version: 2 });
});

t.test('the strategy with Redis also sells without Redis', async (t) => {
  const sid = await createTestStock(mysql, { kind: 'ladder', count: 1 });
  const without = connectTestClient(t, await startTestProvider(t, servers, { REDIS_URL: 'redis://127.0.0.1:1' }));
  t.match(await without.createOptimisticOrderUseRedis({ sid }), { outcome: 'CREATED' });
  t.match(await without.createOptimisticOrderUseRedis({ sid }), { outcome: 'NONE_LEFT' });
});
