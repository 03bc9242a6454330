import t, { type Test } from 'tap';
import { waitUntil } from '../../ci/command/wait-until.ts';
import { startRedisCluster } from '../../ci/testing/servers/redis-cluster.ts';
import { createTestRedisClient } from '../../ci/testing/servers/test-redis.ts';
import { silentLogger } from '../../ci/testing/silent-logger.ts';
import { realClock } from '../../proto/process/clock.ts';
import { createLadderCounters } from '../stocks/ladder-counters.ts';
import { createStockCache } from '../stocks/stock-cache.ts';
import type { Stock } from '../stocks/stock-table.ts';
import { connectRedis } from './connect-redis.ts';

// A cluster of three works like a single Redis.

const cluster = await startRedisCluster(t, 'a-secret');
const redis = await createTestRedisClient(t, cluster.url);
/** Enough that every node has some. */
const stocks = Array.from({ length: 20 }, (_, index) => index + 1);

t.test('every node has a connection, and the stocks are spread over all nodes', async (t) => {
  t.equal(redis.isReady, true);
  const masters = (redis as unknown as { masters: unknown[] }).masters;
  t.equal(masters.length, 3);
});

t.test('stock reads are cached', async (t) => {
  const cache = createStockCache(realClock, redis);
  for (const sid of stocks) {
    const loader = (await cache.startLoading(sid)) ?? '';
    t.equal(await cache.startLoading(sid), null);
    t.equal(await cache.put(sid, loader, { sid } as Stock, 5000), true);
    t.match(await cache.get(sid), { value: { sid } });
  }
});

t.test('the buckets of a limiter are on one node', async (t) => {
  for (const sid of stocks) {
    const keys = [redis.names.stockBucket(sid), redis.names.buyerBucket(sid, 'ann')];
    const limits = ['1', '1000', '1000', '0.001', '2', '1'];
    const take = async () => (await redis.takeTokens(keys, limits))[0];
    t.same([await take(), await take(), await take()], [0, 0, 1]);
    t.equal(await redis.takeToken(redis.names.ladderBucket(sid), redis.names.ladderLimit(sid), '5', '5'), 0);
  }
});

t.test('the counters of the ladder', async (t) => {
  const counters = createLadderCounters(realClock, redis);
  for (const sid of stocks) {
    await counters.refresh({ sid, count: 10, sale: 1, version: 7 } as Stock);
    await counters.countUp(sid, 7);
    t.same(await counters.read(sid), { count: 10, sale: 2, version: 8 });
  }
});

/** Subscribes on a separate connection, as consumers do. */
async function listen(t: Test, channel: string): Promise<Set<string>> {
  const subscriber = await createTestRedisClient(t, cluster.url);
  const received = new Set<string>();
  await subscriber.subscribe(channel, (message: Buffer) => received.add(String(message)), true);
  return received;
}

t.test('all subscribers get a message, on whichever node they are', async (t) => {
  const listeners = await Promise.all(Array.from({ length: 6 }, () => listen(t, 'decisions:one')));
  for (const sid of stocks) await redis.publish('decisions:one', Buffer.from(String(sid)));
  await waitUntil(
    'every message',
    () => {
      for (const received of listeners) if (received.size !== stocks.length) throw new Error(`${received.size}`);
    },
    { limitMs: 5000 },
  );
});

t.test('a node that stops and starts again', async (t) => {
  const listeners = await Promise.all(Array.from({ length: 6 }, () => listen(t, 'decisions:two')));
  const read = (sid: number) => redis.get(redis.names.stock(sid)).then(() => undefined);
  const events: string[] = [];
  redis.on('ready', () => events.push('ready'));
  await cluster.kill(1);
  await waitUntil(
    'the loss to be known',
    () => {
      if (redis.isReady) throw new Error('ready');
    },
    { limitMs: 5000 },
  );
  const startedMs = performance.now();
  await t.rejects(Promise.all(stocks.map(read)));
  t.ok(performance.now() - startedMs < 2000, 'nothing waits for the node');

  await cluster.restart(1);
  await waitUntil('all nodes', () => Promise.all(stocks.map(read)).then(() => undefined), { limitMs: 10_000 });
  t.equal(redis.isReady, true);
  t.ok(events.includes('ready'));
  await waitUntil(
    'all listeners',
    async () => {
      await redis.publish('decisions:two', Buffer.from('again'));
      for (const received of listeners) if (!received.has('again')) throw new Error('not received');
    },
    { limitMs: 10_000 },
  );
});

t.test('the client retries until the cluster is up', async (t) => {
  const { url } = cluster;
  for (const index of [0, 1, 2]) await cluster.kill(index);
  const late = connectRedis({ REDIS_URL: url, REDIS_PREFIX: '' }, silentLogger);
  t.teardown(() => late.destroy());
  await t.rejects(late.get(redis.names.stock(1)));
  t.equal(late.isReady, false);
  await Promise.all([0, 1, 2].map((index) => cluster.restart(index)));
  await waitUntil('the cluster', () => late.get(redis.names.stock(1)).then(() => undefined), { limitMs: 10_000 });
});
