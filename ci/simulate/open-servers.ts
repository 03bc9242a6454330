import { partitionOf } from '../../proto/partition-of.ts';
import { openRedis, type Redis } from './cache/open-redis.ts';
import { type Database, openDatabase } from './database/open-database.ts';
import { type Group, openGroup } from './log/open-group.ts';
import { type Log, openLog } from './log/open-log.ts';
import type { World } from './world.ts';

/** The stand-ins of one run, and whether each can be reached. */
export type Servers = {
  database: Database;
  redis: Redis;
  redisUp: boolean;
  log: Log;
  logUp: boolean;
  group: Group;
};

export function openServers(world: World, sids: number[]): Servers {
  const { time, random } = world;
  // MySQL's own 50 s hide what a short wait shows, and the other way round.
  const database = openDatabase(time, { lockWaitMs: random.pick([300, 1500, 50_000]) });
  const log = openLog([...new Set(sids.map(partitionOf))], database.nowMs);
  return {
    database,
    redis: openRedis(time),
    redisUp: true,
    log,
    logUp: true,
    group: openGroup(world, log, random.between(2000, 10_000)),
  };
}
