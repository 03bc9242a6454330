import { partitionOf } from '../../../../proto/kafka/partition-of.ts';
import type { World } from '../world/world.ts';
import { createRedis, type Redis } from './cache/redis.ts';
import { createSimulatedDatabase, type SimulatedDatabase } from './database/database.ts';
import { createGroup, type Group } from './log/group.ts';
import { createLog, type Log } from './log/log.ts';
import type { LogRoad } from './log/record-appender.ts';

/** The stand-ins of one run, and whether each can be reached. */
export type Servers = {
  database: SimulatedDatabase;
  redis: Redis;
  redisUp: boolean;
  log: Log;
  logUp: boolean;
  /** Have no leader at the moment. */
  partitionsAway: Set<number>;
  group: Group;
};

export function createServers(world: World, sids: number[]): Servers {
  const { time, random } = world;
  // MySQL's own 50 s hide what a short wait shows, and the other way round.
  const database = createSimulatedDatabase(time, { lockWaitMs: random.pick([300, 1500, 50_000]) });
  // Nothing may depend on the brokers' clock.
  const wrongByMs = random.pick([0, 0, -7_200_000, 7_200_000]);
  const log = createLog([...new Set(sids.map(partitionOf))], () => database.nowMs() + wrongByMs);
  return {
    database,
    redis: createRedis(time),
    redisUp: true,
    log,
    logUp: true,
    partitionsAway: new Set(),
    group: createGroup(world, log, random.between(2000, 10_000)),
  };
}

/** The road to the log: of the brokers, or of one partition. */
export function logRoad(servers: Servers): LogRoad {
  const isUp = (partition?: number) =>
    servers.logUp && !(partition !== undefined && servers.partitionsAway.has(partition));
  return { log: servers.log, isUp };
}
