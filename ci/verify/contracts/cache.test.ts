import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { createTestRedis, createTestRedisClient } from '../../testing/servers/test-redis.ts';
import { connectRedisClient } from '../simulate/servers/cache/connect-redis-client.ts';
import { createSimulatedRedis } from '../simulate/servers/cache/simulated-redis.ts';
import { createSimulatedProcess } from '../simulate/world/simulated-process.ts';
import { cacheContract } from './cache-contract.ts';
import { createStillWorld } from './still-world.ts';

t.test('Redis', (t) => {
  cacheContract(t, async (t) => {
    const url = await createTestRedis(t);
    return {
      connect: () => createTestRedisClient(t, url),
      // Keys expire by the server's clock.
      pass: (delayMs) => sleep(delayMs),
      drive: (work) => work(),
    };
  });
  t.end();
});

t.test('the simulated Redis', (t) => {
  cacheContract(t, async () => {
    const { world, time, drive, pass } = createStillWorld();
    const redis = createSimulatedRedis(time);
    const connect = async () =>
      connectRedisClient(world, createSimulatedProcess(time, 'test'), { redis, isUp: () => true });
    return { connect, pass, drive };
  });
  t.end();
});
