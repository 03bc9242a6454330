import type { RedisClient } from '../../../../../db/redis/connect-redis.ts';
import { createRedisNames } from '../../../../../db/redis/redis-names.ts';
import type { SimulatedProcess } from '../../world/simulated-process.ts';
import type { World } from '../../world/world.ts';
import type { SimulatedRedis } from './simulated-redis.ts';

type SetOptions = { condition?: 'NX'; expiration?: { type: 'PX'; value: number } };
export type RedisAccess = { redis: SimulatedRedis; isUp(): boolean };

const RECONNECT_MS = 300;
const MAX_REDIS_SLOW_MS = 2000;

/** A process's connection to the simulated Redis, with the node-redis commands that the order path calls. */
export function connectRedisClient(world: World, process: SimulatedProcess, access: RedisAccess): RedisClient {
  const { time, random, faults } = world;
  const { redis } = access;
  const subscriptions: (() => void)[] = [];
  let lastMs = 0;

  function command<T>(run: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      if (!access.isUp()) return reject(new Error('The client is closed'));
      if (random.chance(faults.redisLost)) {
        if (random.chance(0.5)) time.after(world.latencyMs(), () => process.deliver(() => reject(new Error('lost'))));
        return;
      }
      const slowMs = random.chance(faults.redisSlow) ? random.between(10, MAX_REDIS_SLOW_MS) : 0;
      // Commands of one connection keep their order.
      lastMs = Math.max(lastMs, time.nowMs() + world.latencyMs() + slowMs);
      time.after(lastMs - time.nowMs(), () => {
        if (!access.isUp()) return process.deliver(() => reject(new Error('Socket closed unexpectedly')));
        const result = run();
        time.after(world.latencyMs(), () => process.deliver(() => resolve(result)));
      });
    });
  }

  const client = {
    names: createRedisNames({ REDIS_URL: 'redis://simulated', REDIS_PREFIX: '' }),
    get isReady() {
      return access.isUp();
    },
    get: (key: string) => command(() => redis.get(key)),
    pTTL: (key: string) => command(() => redis.pTTL(key)),
    set: (key: string, value: string, { condition, expiration }: SetOptions = {}) =>
      command(() => redis.set(key, value, { expiresAfterMs: expiration?.value ?? null, onlyNew: condition === 'NX' })),
    putLoaded: (stock: string, loading: string, loader: string, json: string, freshForMs: string) =>
      command(() => {
        if (redis.get(loading) !== loader) return 0;
        redis.set(stock, json, { expiresAfterMs: Number(freshForMs), onlyNew: false });
        return 1;
      }),
    del: (keys: string[]) => command(() => redis.del(keys)),
    publish: (channel: string, message: Buffer) => command(() => redis.publish(channel, message)),
    async subscribe(channel: string, onMessage: (message: Buffer) => void) {
      const end = redis.subscribe(channel, (message) => {
        if (access.isUp() && !random.chance(faults.notifyLost)) {
          time.after(world.latencyMs(), () => process.deliver(() => onMessage(message)));
        }
      });
      subscriptions.push(end);
    },
    on(event: string, act: () => void) {
      // Once, when Redis is up again: node-redis then subscribes again by itself.
      const check = () => (access.isUp() ? act() : void process.clock.setTimer(RECONNECT_MS, check));
      if (event === 'ready' && !access.isUp()) check();
      return client;
    },
    destroy() {
      for (const end of subscriptions) end();
    },
  };
  process.onKill(client.destroy);
  return client as unknown as RedisClient;
}
