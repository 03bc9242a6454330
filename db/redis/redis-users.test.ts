import { createClient } from 'redis';
import t, { type Test } from 'tap';
import { waitUntil } from '../../ci/command/wait-until.ts';
import {
  asKind,
  createTestRedis,
  createTestRedisClient,
  createTestRedisUser,
} from '../../ci/testing/servers/test-redis.ts';
import { silentLogger } from '../../ci/testing/silent-logger.ts';
import { createExperiment } from '../../proto/messages/experiment.ts';
import { realClock } from '../../proto/process/clock.ts';
import { announceReturn } from '../stocks/announce-return.ts';
import { createLadderCounters } from '../stocks/ladder-counters.ts';
import { createStockCache } from '../stocks/stock-cache.ts';
import type { Stock } from '../stocks/stock-table.ts';
import { connectRedis, type RedisClient } from './connect-redis.ts';
import { createExperimentStore } from './experiment-store.ts';
import { type RedisKind, redisKinds } from './redis-users.ts';

const sid = 4711;
const url = await createTestRedis(t);
const { redis, raw } = await connect(t, url, '');

/** The connections of a system with this prefix: the product's client, and a client for any command. */
async function connect(t: Test, url: string, prefix: string) {
  const redis = connectRedis({ REDIS_URL: url, REDIS_PREFIX: prefix }, silentLogger);
  t.teardown(() => redis.destroy());
  await waitUntil('Redis', () => redis.ping().then(() => undefined), { limitMs: 5000 });
  const raw = createClient({ url, disableClientInfo: true });
  await raw.connect();
  t.teardown(() => raw.destroy());
  return { redis, raw };
}

// The processes must work with only their rights.
async function doEverything(t: Test, redis: RedisClient): Promise<void> {
  const cache = createStockCache(realClock, redis);
  const loader = (await cache.startLoading(sid)) ?? '';
  t.equal(await cache.put(sid, loader, { sid } as Stock, 5000), true);
  t.match(await cache.get(sid), { value: { sid } });
  const counters = createLadderCounters(realClock, redis);
  await counters.refresh({ sid, count: 10, sale: 1, version: 7 } as Stock);
  await counters.countUp(sid, 7);
  t.same(await counters.read(sid), { count: 10, sale: 2, version: 8 });
  t.equal(await redis.takeToken(redis.names.ladderBucket(sid), redis.names.ladderLimit(sid), '5', '5'), 0);
  const buckets = [redis.names.stockBucket(sid), redis.names.buyerBucket(sid, 'ann')];
  t.same(await redis.takeTokens(buckets, ['1', '5', '5', '5', '5', '1']), [0, 0, 4]);
  const experiments = createExperimentStore(realClock, redis);
  t.equal(await experiments.beRunner('me'), true);
  t.equal(await experiments.beRunner('me'), true);
  const experiment = createExperiment('one', { ways: ['wrong'], buyers: 1, units: 1 });
  t.equal(await experiments.start(experiment), 'STARTED');
  t.same(await experiments.findRequest(), experiment);
  t.equal(await experiments.keep({ ...experiment, state: 'running' }), true);
  t.equal(await experiments.keep({ ...experiment, state: 'done' }), true);
  t.match(await experiments.list(), [{ state: 'done' }]);
  await experiments.leave('me');
  t.equal(await experiments.hasRunner(), false);
  announceReturn(redis, { sid, count: 10, sale: 1, version: 8 });
  await waitUntil(
    'the cached stock to be gone',
    async () => {
      if ((await redis.get(redis.names.stock(sid))) !== null) throw new Error('there');
    },
    { limitMs: 2000 },
  );
}

async function receiveAndNotify(t: Test, url: string, redis: RedisClient): Promise<void> {
  const { names } = redis;
  const subscriber = connectRedis({ REDIS_URL: url, REDIS_PREFIX: '' }, silentLogger);
  t.teardown(() => subscriber.destroy());
  await waitUntil('Redis', () => subscriber.ping().then(() => undefined), { limitMs: 5000 });
  const received: string[] = [];
  const channels = [
    ...[names.decisionsChannel('redis-user-test'), names.stockUnitsChannel, names.liveChannel],
    ...[names.experimentsChannel, names.deliveryRequestsChannel, names.deliveredChannel('redis-user-test')],
  ];
  for (const channel of channels) await subscriber.subscribe(channel, () => received.push(channel));
  for (const channel of channels) await redis.publish(channel, 'x');
  await waitUntil(
    'all',
    async () => {
      if (new Set(received).size < channels.length) throw new Error(`${received}`);
    },
    { limitMs: 2000 },
  );
  for (const channel of channels) await subscriber.unsubscribe(channel);
}

t.test('the processes can do their work', (t) => doEverything(t, redis));
t.test('they publish and subscribe on their channels', (t) => receiveAndNotify(t, url, redis));

t.test('a system with a prefix works, and cannot access a system with another prefix', async (t) => {
  const admin = await createTestRedisClient(t, url);
  await admin.flushDb();
  const prefix = 'shop-b:';
  const ownUrl = await createTestRedisUser(t, url, prefix);
  const own = await connect(t, ownUrl, prefix);
  await doEverything(t, own.redis);
  await receiveAndNotify(t, ownUrl, own.redis);
  const keys = await admin.keys('*');
  t.ok(keys.length > 4, `${keys}`);
  t.same(
    keys.filter((name) => !name.startsWith(prefix)),
    [],
  );
  const { names } = redis;
  for (const [command, ...args] of [
    ['GET', names.stock(sid)],
    ['SET', names.stock(sid), '{}'],
    ['GET', `shop-c:${names.stock(sid)}`],
    ['PUBLISH', names.decisionsChannel('consumer-1'), 'x'],
    ['PUBLISH', `shop-c:${names.decisionsChannel('consumer-1')}`, 'x'],
    ['SUBSCRIBE', names.liveChannel],
  ]) {
    await t.rejects(own.raw.sendCommand([String(command), ...args]), { message: /NOPERM|No permissions/i }, `${args}`);
  }
  for (const name of [own.redis.names.stock(sid), own.redis.names.decisionsChannel('consumer-1')]) {
    const command = name.includes('{') ? ['GET', name] : ['PUBLISH', name, 'x'];
    await t.rejects(raw.sendCommand(command), { message: /NOPERM|No permissions/i }, name);
  }
});

/** The publishers of each channel. */
const mayPublish: Record<string, RedisKind[]> = {
  'decisions:consumer-1': ['order-worker'],
  'stock-units': ['provider', 'order-worker'],
  'live:0': ['consumer', 'provider', 'order-worker', 'count-nginx'],
  'told-asked': ['consumer'],
  'told:consumer-1': ['consumer'],
  'experiments:0': ['consumer', 'experiments'],
};
for (const kind of redisKinds) {
  t.test(`a ${kind} may publish, subscribe and write only what it needs`, async (t) => {
    const { raw } = await connect(t, asKind(kind, url), '');
    const isAllowed = (...command: string[]) =>
      raw.sendCommand(command).then(
        () => true,
        (error: Error) => {
          t.match(error.message, /NOPERM|No permissions|can't publish/i, command.join(' '));
          return false;
        },
      );
    for (const [channel, kinds] of Object.entries(mayPublish)) {
      t.equal(await isAllowed('PUBLISH', channel, 'x'), kinds.includes(kind), `PUBLISH ${channel}`);
    }
    const { names } = redis;
    t.equal(await isAllowed('SET', names.stock(sid), 'null', 'PX', '1'), kind === 'provider', 'the cached stock');
    t.equal(await isAllowed('SET', names.stockBucket(sid), '1 1', 'PX', '1'), kind === 'consumer', 'the limiter');
    t.equal(
      await isAllowed('SET', names.decidedOffset(0), '1'),
      kind === 'order-worker',
      'the position of the workers',
    );
    t.equal(await isAllowed('GET', names.decidedOffset(0)), kind === 'provider', 'it is read');
    t.equal(await isAllowed('GET', names.experimentRunner), kind === 'consumer' || kind === 'experiments');
    t.equal(await isAllowed('EVAL', "return redis.call('PUBLISH', 'decisions:c', 'x')", '0'), false);
    const isSubscriber = kind === 'consumer';
    const subscribe = raw.subscribe(names.decisionsChannel('consumer-1'), () => undefined);
    if (isSubscriber) await t.resolves(subscribe);
    else await t.rejects(subscribe, { message: /NOPERM|No permissions/i });
  });
}

const key = redis.names.stock(sid);
for (const command of [
  // Other keys and channels.
  ['GET', 'test-database:1'],
  ['SET', 'session:1', 'x'],
  ['DEL', 'stock:1'],
  ['GET', '{experiments}'],
  ['SET', 'experiments', 'x'],
  ['HSET', '{order:1}:row', 'a', 'b'],
  ['PUBLISH', 'others', 'x'],
  ['SUBSCRIBE', 'others'],
  ['PSUBSCRIBE', '*'],
  ['PUBLISH', 'experiments2', 'x'],
  ['EVAL', "return redis.call('GET', 'test-database:1')", '0'],
  ['EVAL', "return redis.call('KEYS', '*')", '0'],
  // Other commands, on their own keys too.
  ['FLUSHALL'],
  ['FLUSHDB'],
  ['KEYS', '*'],
  ['SCAN', '0'],
  ['RANDOMKEY'],
  ['DBSIZE'],
  ['CONFIG', 'GET', '*'],
  ['CONFIG', 'SET', 'maxmemory', '1'],
  ['ACL', 'LIST'],
  ['ACL', 'SETUSER', 'flashsale', '+@all'],
  ['CLIENT', 'LIST'],
  ['CLIENT', 'KILL', 'TYPE', 'normal'],
  ['CLUSTER', 'RESET'],
  ['SCRIPT', 'FLUSH'],
  ['FUNCTION', 'FLUSH'],
  ['MONITOR'],
  ['INFO'],
  ['SHUTDOWN', 'NOSAVE'],
  ['SAVE'],
  ['REPLICAOF', '127.0.0.1', '1'],
  ['MIGRATE', '127.0.0.1', '1', key, '0', '10'],
  ['RENAME', key, `${key}2`],
  ['DUMP', key],
  ['APPEND', key, 'x'],
  ['SORT', key],
]) {
  t.test(`they may not ${command.join(' ')}`, async (t) => {
    await t.rejects(raw.sendCommand(command), {
      message: /NOPERM|No permissions|can't (?:run this command|access at least one of the keys)/i,
    });
  });
}

t.test('a client without a password is refused', async (t) => {
  const { host } = new URL(url);
  for (const wrong of [`redis://${host}`, `redis://flashsale:wrong@${host}`, `redis://default:wrong@${host}`]) {
    const intruder = createClient({ url: wrong, disableClientInfo: true, socket: { reconnectStrategy: false } });
    intruder.on('error', () => undefined);
    await t.rejects(
      intruder.connect().then(() => intruder.ping()),
      { message: /NOAUTH|WRONGPASS/ },
    );
    intruder.destroy();
  }
});
