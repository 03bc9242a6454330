import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { waitUntil } from '../../ci/command/wait-until.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { createTestDatabase } from '../../ci/testing/servers/test-database.ts';
import { createTestRedis, createTestRedisClient } from '../../ci/testing/servers/test-redis.ts';
import { silentLogger } from '../../ci/testing/silent-logger.ts';
import { pause, realClock } from '../../proto/process/clock.ts';
import { connectRedis } from '../redis/connect-redis.ts';
import { createStockCache, databaseNowMs, loadStock, STOCK_FRESH_MS } from './stock-cache.ts';
import { readStocks, type Stock } from './stock-table.ts';

const { database, mysql } = await createTestDatabase(t);
const url = await createTestRedis(t);
const redis = await createTestRedisClient(t, url);
const cache = createStockCache(realClock, redis);

/** Reads MySQL, counts its calls, and takes at least `ms`. */
function reader(ms = 0) {
  const read = async (sid: number): Promise<Stock | null> => {
    read.times += 1;
    const [stock] = await database.session((session) => readStocks(session, [sid]));
    // The duration of a read is under test: there is no event to wait for.
    if (ms > 0) await sleep(ms);
    return stock ?? null;
  };
  read.times = 0;
  return read;
}

const cached = (sid: number) =>
  waitUntil(
    'the stock to be in the cache',
    async () => {
      if (!(await redis.exists(redis.names.stock(sid)))) throw new Error('not there');
    },
    { limitMs: 2000 },
  );

t.test('a stock is read from MySQL once, then from the cache', async (t) => {
  const sid = await createTestStock(mysql, { count: 7 });
  const read = reader();
  const first = await loadStock(realClock, cache, read, sid);
  await cached(sid);
  const second = await loadStock(realClock, cache, read, sid);
  t.equal(read.times, 1);
  t.same(second.value, first.value);
  t.equal(first.value?.count, 7);
  t.ok(second.freshForMs <= first.freshForMs, 'not fresher than before');
});

t.test('a missing stock is cached too', async (t) => {
  const read = reader();
  t.equal((await loadStock(realClock, cache, read, 404)).value, null);
  await cached(404);
  t.equal((await loadStock(realClock, cache, read, 404)).value, null);
  t.equal(read.times, 1);
});

t.test('the age of a read counts from its start', async (t) => {
  const sid = await createTestStock(mysql);
  const { freshForMs } = await loadStock(realClock, cache, reader(100), sid);
  t.ok(freshForMs > 0 && freshForMs <= STOCK_FRESH_MS - 100, `${freshForMs} ms`);
  await cached(sid);
  const ttlMs = await redis.pTTL(redis.names.stock(sid));
  t.ok(ttlMs > 0 && ttlMs <= STOCK_FRESH_MS - 100, `${ttlMs} ms in Redis`);
});

t.test('a read that took too long is not cached', async (t) => {
  const sid = await createTestStock(mysql);
  const { freshForMs, value } = await loadStock(realClock, cache, reader(STOCK_FRESH_MS + 50), sid);
  t.equal(value?.sid, sid);
  t.equal(freshForMs, 0);
  t.equal(await redis.exists(redis.names.stock(sid)), 0);
});

t.test('a read that is put after the loader’s claim expired is not cached', async (t) => {
  const sid = await createTestStock(mysql);
  const late = (await cache.startLoading(sid)) ?? '';
  await redis.del(redis.names.stockLoading(sid));
  t.equal(await cache.put(sid, late, null, 1000), false, 'no claim');
  const next = (await cache.startLoading(sid)) ?? '';
  t.equal(await cache.put(sid, late, null, 1000), false, 'the claim of another loader');
  t.equal(await redis.exists(redis.names.stock(sid)), 0);
  t.equal(await cache.put(sid, next, null, 1000), true);
});

t.test('an old entry never gets the expiry time of a newer one', async (t) => {
  const key = redis.names.stock(4712);
  const put = (text: string, value: number) => redis.set(key, text, { expiration: { type: 'PX', value } });
  await put('"old"', 900);
  // A newer read is put between the first command and the second.
  let before: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const result = before.then(run);
    before = result.then(() => put('"new"', 90_000));
    return result;
  };
  const { names } = redis;
  const between = { names, pTTL: () => inTurn(() => redis.pTTL(key)), get: () => inTurn(() => redis.get(key)) };
  const held = await createStockCache(realClock, between as unknown as typeof redis).get(4712);
  t.ok(held && held.freshForMs <= 900, `${held?.freshForMs} ms`);
});

t.test('an entry of a release that knew no modes is of a rush stock', async (t) => {
  const sid = await createTestStock(mysql);
  const { mode: _mode, offersOnly: _only, maxPerOrder: _max, ...older } = (await reader()(sid)) as Stock;
  await redis.set(redis.names.stock(sid), JSON.stringify(older), { expiration: { type: 'PX', value: 900 } });
  t.match((await cache.get(sid))?.value, { mode: 'rush', offersOnly: false, maxPerOrder: 1 });
});

t.test('a change shows after at most a second', async (t) => {
  const sid = await createTestStock(mysql, { count: 5 });
  await loadStock(realClock, cache, reader(), sid);
  await cached(sid);
  await mysql.raw('UPDATE stock SET sale = 1 WHERE id = ?', [sid]);
  const startedMs = performance.now();
  await waitUntil(
    'the change',
    async () => {
      if ((await loadStock(realClock, cache, reader(), sid)).value?.sale !== 1) throw new Error('not seen');
    },
    { limitMs: 3000 },
  );
  t.ok(performance.now() - startedMs < STOCK_FRESH_MS + 300);
});

t.test('concurrent processes load a stock once', async (t) => {
  const sid = await createTestStock(mysql);
  const others = await Promise.all([1, 2, 3].map(() => createTestRedisClient(t, url)));
  const read = reader(60);
  const caches = [cache, ...others.map((other) => createStockCache(realClock, other))];
  const loads = caches.flatMap((each) => [1, 2, 3].map(() => loadStock(realClock, each, read, sid)));
  for (const { value } of await Promise.all(loads)) t.equal(value?.sid, sid);
  t.equal(read.times, 1);
});

t.test('the wait for a dead loader ends after 0.3 s', async (t) => {
  const sid = await createTestStock(mysql);
  t.type(await cache.startLoading(sid), 'string');
  t.equal(await cache.startLoading(sid), null);
  const startedMs = performance.now();
  const { value } = await loadStock(realClock, cache, reader(), sid);
  t.equal(value?.sid, sid);
  const tookMs = performance.now() - startedMs;
  t.ok(tookMs > 200 && tookMs < 800, `${tookMs} ms`);
});

t.test('without Redis the stock is read from MySQL', async (t) => {
  const sid = await createTestStock(mysql);
  const nowhere = connectRedis({ REDIS_URL: 'redis://127.0.0.1:1', REDIS_PREFIX: '' }, silentLogger);
  t.teardown(() => nowhere.destroy());
  const startedMs = performance.now();
  const { value } = await loadStock(realClock, createStockCache(realClock, nowhere), reader(), sid);
  t.equal(value?.sid, sid);
  t.ok(performance.now() - startedMs < 300, 'without waiting for a time-out');
});

t.test('with an invalid cache entry the stock is read from MySQL', async (t) => {
  const sid = await createTestStock(mysql);
  await redis.hSet(redis.names.stock(sid), 'not', 'a text');
  t.equal((await loadStock(realClock, cache, reader(), sid)).value?.sid, sid);
});

t.test('the time in the cache counts for the database’s clock', async (t) => {
  const stock = { readAtMs: 1_000_000 } as Stock;
  t.equal(databaseNowMs({ value: stock, heldMs: 0 }), 1_000_000);
  t.equal(databaseNowMs({ value: stock, heldMs: 400.7 }), 1_000_400);
});

t.test('a slow read does not advance the database’s clock', async (t) => {
  const sid = await createTestStock(mysql);
  const readFromMysql = reader();
  const slow = async (id: number) => {
    await pause(realClock, 700);
    const stock = await readFromMysql(id);
    await pause(realClock, 700);
    return stock;
  };
  const read = await loadStock(realClock, cache, slow, sid);
  if (!read.value) throw new Error('no stock');
  const [[{ now }]] = await mysql.raw('SELECT NOW(3) AS now');
  const aheadMs = databaseNowMs({ value: read.value, heldMs: read.heldMs }) - now.getTime();
  t.ok(aheadMs <= 0, `${aheadMs} ms ahead`);
});

t.test('the counted time in the cache never exceeds the elapsed time', async (t) => {
  const sid = await createTestStock(mysql);
  const { value: first } = await loadStock(realClock, cache, reader(), sid);
  await cached(sid);
  await pause(realClock, 200);
  const held = await cache.get(sid);
  if (!first || !held?.value) throw new Error('not cached');
  const [[{ now }]] = await mysql.raw('SELECT NOW(3) AS now');
  const databaseMs = databaseNowMs({ value: held.value, heldMs: held.heldMs });
  t.ok(databaseMs <= now.getTime(), `${databaseMs - now.getTime()} ms ahead`);
  t.ok(databaseMs - first.readAtMs >= 150, `${databaseMs - first.readAtMs} ms of 200`);
});

t.test('a cached stock is fresh for at most a second, whatever its expiry time', async (t) => {
  const sid = await createTestStock(mysql);
  await redis.set(redis.names.stock(sid), '{"sid":1}', { expiration: { type: 'PX', value: 60_000 } });
  t.equal((await cache.get(sid))?.freshForMs, STOCK_FRESH_MS);
});
