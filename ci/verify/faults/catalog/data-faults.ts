import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { connectRedis } from '../../../../db/redis/connect-redis.ts';
import type { Fault } from './fault.ts';

const FLUSH_EVERY_MS = 100;

/** Lost data without which the system keeps its guarantees. */
export const dataFaults: Fault[] = [
  {
    name: 'flush-redis',
    what: 'FLUSHALL of Redis ten times a second, for 2 s',
    lastsMs: 2000,
    bounds: { errorsEndMs: 0, recoverMs: 3000 },
    alarm: { none: 'nothing in Redis is missed, and it answers' },
    inject({ system, print }) {
      const settings = { REDIS_URL: system.redisAdminUrl, REDIS_PREFIX: system.config.REDIS_PREFIX };
      const redis = connectRedis(settings, system.kafka.logger);
      let flushed = 0;
      const timer = setInterval(() => {
        redis.flushAll().then(
          () => {
            flushed += 1;
          },
          () => undefined,
        );
      }, FLUSH_EVERY_MS);
      return () => {
        clearInterval(timer);
        redis.destroy();
        if (flushed === 0) throw new Error('Redis was not flushed');
        print(`  flushed ${flushed} times`);
      };
    },
  },
  {
    name: 'lose-log',
    what: 'kill -9 of Kafka, and the order log is deleted on its disk',
    lastsMs: 0,
    bounds: { errorsEndMs: 0, recoverMs: 25_000 },
    alarm: { name: 'KafkaDown' },
    inject({ system, print }) {
      const pid = system.supervisor.pidOf('kafka');
      if (pid === undefined) throw new Error('Kafka is not running');
      process.kill(pid, 'SIGKILL');
      const data = path.join(system.dir, 'kafka', 'data');
      const topic = system.topics.orders;
      // The supervisor restarts Kafka 200 ms later.
      const deleted = readdirSync(data).filter(
        (name) => name.startsWith(`${topic}-`) && /^\d+$/.test(name.slice(topic.length + 1)),
      );
      for (const name of deleted) rmSync(path.join(data, name), { recursive: true, force: true });
      print(`  deleted ${deleted.length} partitions`);
      return () => undefined;
    },
  },
];
