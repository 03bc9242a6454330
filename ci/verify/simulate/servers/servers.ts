import { partitionOf } from '../../../../proto/kafka/partition-of.ts';
import type { World } from '../world/world.ts';
import type { RedisAccess } from './cache/connect-redis-client.ts';
import { createSimulatedRedis, type SimulatedRedis } from './cache/simulated-redis.ts';
import { createSimulatedDatabase, type SimulatedDatabase } from './database/simulated-database.ts';
import {
  createSimulatedGateway,
  type SimulatedGateway,
  type SimulatedGatewayOptions,
} from './gateway/simulated-gateway.ts';
import { createGroup, type Group } from './log/group.ts';
import { createLog, type Log } from './log/log.ts';
import type { LogAccess } from './log/record-appender.ts';

/** The simulated servers of one run. */
export type Servers = {
  database: SimulatedDatabase;
  redis: SimulatedRedis;
  redisUp: boolean;
  log: Log;
  logUp: boolean;
  leaderlessPartitions: Set<number>;
  group: Group;
  /** The topic of the events, on the same brokers. */
  events: Log;
  eventsUp: boolean;
  gateway: SimulatedGateway;
};

export function createServers(world: World, sids: number[], ofGateway: SimulatedGatewayOptions): Servers {
  const { time, random } = world;
  // 50 s as in MySQL hide what short waits show, and the other way round.
  const database = createSimulatedDatabase(time, { lockWaitMs: random.pick([300, 1500, 50_000]) });
  // Nothing may depend on the brokers' clock.
  const clockErrorMs = random.pick([0, 0, -7_200_000, 7_200_000]);
  const log = createLog([...new Set(sids.map(partitionOf))], () => database.nowMs() + clockErrorMs);
  const events = createLog(log.partitions, () => database.nowMs());
  return {
    database,
    events,
    eventsUp: true,
    gateway: createSimulatedGateway(database.nowMs, ofGateway),
    redis: createSimulatedRedis(time),
    redisUp: true,
    log,
    logUp: true,
    leaderlessPartitions: new Set(),
    group: createGroup(world, log, random.between(2000, 10_000)),
  };
}

export function logAccess(servers: Servers): LogAccess {
  const isUp = (partition?: number) =>
    servers.logUp && !(partition !== undefined && servers.leaderlessPartitions.has(partition));
  return { log: servers.log, isUp };
}

export function eventAccess(servers: Servers): LogAccess {
  return { log: servers.events, isUp: () => servers.logUp && servers.eventsUp };
}

export function redisAccess(servers: Servers): RedisAccess {
  return { redis: servers.redis, isUp: () => servers.redisUp };
}
