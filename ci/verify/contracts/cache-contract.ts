import type { Test } from 'tap';
import type { RedisClient } from '../../../db/redis/connect-redis.ts';

export type ContractCache = {
  /** A connection to the same cache each time. */
  connect(): Promise<RedisClient>;
  pass(delayMs: number): Promise<void>;
  drive<T>(work: () => Promise<T>): Promise<T>;
};

/** What the order path relies on in Redis. */
export function cacheContract(t: Test, open: (t: Test) => Promise<ContractCache>): void {
  const test = (title: string, body: (t: Test, cache: ContractCache) => Promise<void>) =>
    t.test(title, async (t) => {
      const cache = await open(t);
      await cache.drive(() => body(t, cache));
    });
  const px = (value: number) => ({ expiration: { type: 'PX', value } as const });

  test('a key exists until it expires', async (t, { connect, pass }) => {
    const redis = await connect();
    t.equal(await redis.get('a'), null);
    t.equal(await redis.pTTL('a'), -2);
    t.equal(await redis.set('a', 'text', px(200)), 'OK');
    t.equal(await redis.get('a'), 'text');
    const leftMs = await redis.pTTL('a');
    t.ok(leftMs > 0 && leftMs <= 200, `${leftMs}`);
    await pass(250);
    t.equal(await redis.get('a'), null);
  });

  test('NX sets a key that does not exist or has expired', async (t, { connect, pass }) => {
    const [first, second] = [await connect(), await connect()];
    t.equal(await first.set('b', '1', { condition: 'NX', ...px(200) }), 'OK');
    t.equal(await second.set('b', '2', { condition: 'NX', ...px(200) }), null);
    t.equal(await second.get('b'), '1');
    await pass(250);
    t.equal(await second.set('b', '2', { condition: 'NX', ...px(200) }), 'OK');
    t.equal(await first.del(['b', 'not there']), 1);
    t.equal(await second.get('b'), null);
  });

  test('a message reaches earlier subscribers only, byte for byte', async (t, { connect }) => {
    const [publisher, subscriber] = [await connect(), await connect()];
    const channel = `channel-${Math.random()}`;
    t.equal(await publisher.publish(channel, Buffer.from([1])), 0);
    const received = Promise.withResolvers<Buffer>();
    await subscriber.subscribe(channel, (message: Buffer) => received.resolve(message), true);
    t.equal(await publisher.publish(channel, Buffer.from([0, 255, 2])), 1);
    t.same([...(await received.promise)], [0, 255, 2]);
  });
}
