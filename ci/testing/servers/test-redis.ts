import { randomBytes } from 'node:crypto';
import { createClient } from 'redis';
import type { Test } from 'tap';
import { connectRedis, type RedisClient } from '../../../db/redis/connect-redis.ts';
import { type RedisKind, redisUsers } from '../../../db/redis/redis-users.ts';
import { waitUntil } from '../../command/wait-until.ts';
import { silentLogger } from '../silent-logger.ts';
import { readConfig } from './config.ts';

// A Redis server has 16 databases. Database 0 contains locks of the databases in use.
const DATABASES = 15;
const MAX_HELD_SECONDS = 300;
const TEST_USER = 'test-';
const FREE_WITHIN_MS = 60_000;

/** The URL of an empty Redis database, for a user with the rights of all processes. Databases share their channels: use unique names. */
export async function createTestRedis(t: Test): Promise<string> {
  const { TEST_REDIS_URL, TEST_REDIS_USERS } = readConfig();
  const locks = createClient({ url: TEST_REDIS_URL });
  await locks.connect();
  t.teardown(() => locks.close());
  let database = 0;
  await waitUntil(
    'a free Redis database',
    async () => {
      database = await lockDatabase(locks);
    },
    { limitMs: FREE_WITHIN_MS },
  );
  t.teardown(() => locks.del(lockKey(database)));

  const client = createClient({ url: withDatabase(TEST_REDIS_URL, database) });
  await client.connect();
  await client.flushDb();
  await client.close();
  const url = withDatabase(TEST_REDIS_URL, database);
  return TEST_REDIS_USERS === '' ? url : createTestRedisUser(t, url, '');
}

const lockKey = (database: number) => `test-database:${database}`;

type Locks = { set(key: string, value: string, options: object): Promise<unknown> };

async function lockDatabase(locks: Locks): Promise<number> {
  for (let database = 1; database <= DATABASES; database += 1) {
    const options = { condition: 'NX', expiration: { type: 'EX', value: MAX_HELD_SECONDS } };
    if ((await locks.set(lockKey(database), '1', options)) === 'OK') return database;
  }
  throw new Error('all databases are in use');
}

function withDatabase(url: string, database: number): string {
  return `${url.replace(/\/$/, '')}/${database}`;
}

/** The same database for a user with all rights. */
function asAdmin(url: string): string {
  // URLs of other users, such as those of a cluster, belong to another server.
  return url.includes(`//${TEST_USER}`) ? withUserOf(url, readConfig().TEST_REDIS_URL) : url;
}

/** The same database for the user of a kind of process. Only changes a URL of createTestRedis. */
export function asKind(kind: RedisKind, url: string): string {
  const { name } = redisUsers('')[kind];
  const own = readConfig()
    .TEST_REDIS_USERS.split(',')
    .find((candidate) => candidate.includes(`//${name}:`));
  return own && url.includes(`//${TEST_USER}all-`) ? withUserOf(url, own) : url;
}

function withUserOf(url: string, other: string): string {
  const { username, password } = new URL(other);
  return url.replace(/\/\/(?:[^@/]*@)?/, password === '' ? '//' : `//${username}:${password}@`);
}

/** The same database for a new user with the rights of all processes, limited to these prefixes. */
export async function createTestRedisUser(t: Test, url: string, ...prefixes: string[]): Promise<string> {
  const name = `${TEST_USER}${prefixes.join() === '' ? 'all' : 'some'}-${randomBytes(6).toString('hex')}`;
  const admin = createClient({ url: asAdmin(url) });
  await admin.connect();
  t.teardown(async () => {
    await admin.sendCommand(['ACL', 'DELUSER', name]);
    await admin.close();
  });
  const rules = prefixes.flatMap((prefix) =>
    Object.values(redisUsers(prefix)).flatMap((user) => splitRules(user.rules)),
  );
  await admin.sendCommand(['ACL', 'SETUSER', name, 'on', `>${name}`, ...rules]);
  const { host, pathname } = new URL(url);
  return `redis://${name}:${name}@${host}${pathname}`;
}

/** The rules as arguments; a selector in brackets is one argument. */
export function splitRules(rules: string): string[] {
  return rules.match(/\([^)]*\)|\S+/g) ?? [];
}

/** A connected client of the product, with all rights. */
export async function createTestRedisClient(t: Test, url: string, prefix = ''): Promise<RedisClient> {
  const redis = connectRedis({ REDIS_URL: asAdmin(url), REDIS_PREFIX: prefix }, silentLogger);
  t.teardown(() => redis.destroy());
  await waitUntil(
    'Redis to be connected',
    async () => {
      await redis.ping();
    },
    { limitMs: 5000 },
  );
  return redis;
}
