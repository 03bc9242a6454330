import t from 'tap';
import { waitUntil } from '../../ci/command/wait-until.ts';
import { createTestRedis, createTestRedisClient } from '../../ci/testing/servers/test-redis.ts';
import { realClock } from '../../proto/process/clock.ts';
import { createLadderCounters } from '../stocks/ladder-counters.ts';
import type { Stock } from '../stocks/stock-table.ts';

const url = await createTestRedis(t);
const redis = await createTestRedisClient(t, url);
const counters = createLadderCounters(realClock, redis);

let lastSid = 0;
const newSid = () => ++lastSid;
const stock = (sid: number, count: number, sale: number, version: number) => ({ sid, count, sale, version }) as Stock;

function takeToken(sid: number, rate: number, client = redis): Promise<number> {
  return client.takeToken(redis.names.ladderBucket(sid), redis.names.ladderLimit(sid), String(rate), String(rate));
}

t.test('an empty bucket answers the time until its next token', async (t) => {
  const sid = newSid();
  const waits = [];
  for (let i = 0; i < 7; i += 1) waits.push(await takeToken(sid, 5));
  t.same(waits.slice(0, 5), [0, 0, 0, 0, 0]);
  for (const wait of waits.slice(5)) t.ok(wait > 0 && wait <= 200, `${wait} ms`);
});

t.test('a bucket refills at its rate', async (t) => {
  const sid = newSid();
  while ((await takeToken(sid, 10)) === 0);
  const startedMs = performance.now();
  const wait = await takeToken(sid, 10);
  await waitUntil(
    'a token',
    async () => {
      if ((await takeToken(sid, 10)) > 0) throw new Error('none');
    },
    { limitMs: 2000 },
  );
  t.ok(performance.now() - startedMs >= wait - 2, 'not before the announced time');
});

t.test('all callers of a stock share its bucket, and other stocks have their own', async (t) => {
  const other = await createTestRedisClient(t, url);
  const sid = newSid();
  const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => takeToken(sid, 5, i % 2 ? other : redis)));
  t.equal(answers.filter((wait) => wait === 0).length, 5);
  t.equal(await takeToken(newSid(), 5), 0);
});

t.test('the limit of a stock overrides the setting', async (t) => {
  const sid = newSid();
  await counters.setLimit(sid, 2);
  const answers = [await takeToken(sid, 100), await takeToken(sid, 100), await takeToken(sid, 100)];
  t.same(answers.slice(0, 2), [0, 0]);
  t.ok(answers[2] && answers[2] > 0);
  t.ok((await redis.ttl(redis.names.ladderLimit(sid))) > 3500, 'for an hour');
});

t.test('concurrent orders take from their buyers’ buckets and from the stock’s, in order', async (t) => {
  const sid = newSid();
  const bucketOf = (buyer: string) => redis.names.buyerBucket(sid, buyer);
  const take = (...buyers: string[]) =>
    redis.takeTokens(
      [redis.names.stockBucket(sid), ...buyers.map(bucketOf)],
      ['1', ...['0.001', '4'], ...['0.001', '2'], ...buyers.map(() => '1')],
    );
  const answers = await take('ann', 'ann', 'ann', 'bob');
  t.same(answers.slice(0, 6), [0, 0, 1, 0, 0, 0]);
  t.equal(answers[6], 1, 'the buyer’s is empty, and the stock’s keeps its token');
  t.ok((answers[7] ?? 0) > 900_000);
  t.same(answers.slice(9), [0, 0, 1]);
  const [, , , refused] = await take('carl', 'dora');
  t.equal(refused, 2, 'the stock’s is empty');
  t.same((await take('dora')).slice(0, 1), [2], 'dora’s bucket is unchanged');
  t.equal(await redis.get(bucketOf('dora')), null);
});

t.test('orders of several stocks take from the bucket of their own stock', async (t) => {
  const [first, second] = [newSid(), newSid()];
  const orders = [first, first, second, first].map((sid, i) => ({ sid, key: redis.names.buyerBucket(sid, `b${i}`) }));
  const answers = await redis.takeTokens(
    [redis.names.stockBucket(first), redis.names.stockBucket(second), ...orders.map(({ key }) => key)],
    ['2', ...['0.001', '2'], ...['0.001', '5'], ...orders.map(({ sid }) => (sid === first ? '1' : '2'))],
  );
  t.same([answers[0], answers[3], answers[6], answers[9]], [0, 0, 0, 2], 'the first stock has two tokens');
  t.match(await redis.get(redis.names.stockBucket(first)), /^0\.000 /);
  t.match(await redis.get(redis.names.stockBucket(second)), /^1\.000 /);
});

t.test('an idle bucket expires', async (t) => {
  const sid = newSid();
  await takeToken(sid, 5);
  const ttlMs = await redis.pTTL(redis.names.ladderBucket(sid));
  t.ok(ttlMs > 1000 && ttlMs <= 2000, `${ttlMs} ms`);
});

t.test('counters are incremented only on the version of the sale', async (t) => {
  const sid = newSid();
  await counters.refresh(stock(sid, 10, 3, 7));
  await counters.countUp(sid, 6);
  t.same(await counters.read(sid), { count: 10, sale: 3, version: 7 });
  await counters.countUp(sid, 7);
  t.same(await counters.read(sid), { count: 10, sale: 4, version: 8 });
});

t.test('expired counters are not created by an increment', async (t) => {
  const sid = newSid();
  await counters.countUp(sid, 0);
  t.equal(await counters.read(sid), null);
  t.equal(await redis.exists(redis.names.ladderCounters(sid)), 0);
});

t.test('an older read does not replace newer counters', async (t) => {
  const sid = newSid();
  await counters.refresh(stock(sid, 10, 5, 5));
  await counters.refresh(stock(sid, 10, 4, 4));
  t.same(await counters.read(sid), { count: 10, sale: 5, version: 5 });
  await counters.refresh(stock(sid, 10, 9, 10));
  t.same(await counters.read(sid), { count: 10, sale: 9, version: 10 }, 'versions are compared as numbers');
});

t.test('counters expire after a second, so wrong counters cannot stay', async (t) => {
  const sid = newSid();
  await counters.refresh(stock(sid, 10, 5, 5));
  await counters.countUp(sid, 5);
  const ttlMs = await redis.pTTL(redis.names.ladderCounters(sid));
  t.ok(ttlMs > 0 && ttlMs <= 1000, `${ttlMs} ms`);
});

t.test('incomplete counters count as missing', async (t) => {
  const sid = newSid();
  await redis.hSet(redis.names.ladderCounters(sid), { count: '10', sale: 'many', version: '1' });
  t.equal(await counters.read(sid), null);
});

t.test('every script runs after SCRIPT FLUSH', async (t) => {
  const sid = newSid();
  await redis.scriptFlush();
  t.equal(await takeToken(sid, 5), 0);
  await redis.scriptFlush();
  await counters.refresh(stock(sid, 2, 0, 0));
  await redis.scriptFlush();
  await counters.countUp(sid, 0);
  t.same(await counters.read(sid), { count: 2, sale: 1, version: 1 });
});
