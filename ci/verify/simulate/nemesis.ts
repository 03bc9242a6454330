import type { Sale } from './plans/plan-sale.ts';
import type { Processes } from './processes/run-processes.ts';
import type { Servers } from './servers/servers.ts';
import type { World } from './world/world.ts';

const MAX_FREEZE_MS = 5000;

type Trouble = { name: string; begin(): (() => void) | undefined; minMs: number; maxMs: number };

/** Plans what happens to whole processes and servers until `untilMs`. Each ends by itself, and at the latest then. */
export function startNemesis(world: World, servers: Servers, processes: Processes, sale: Sale): void {
  const untilMs = sale.stormMs;
  const { time, random, trace } = world;
  const kinds = troubles(world, servers, processes).filter(() => random.chance(0.4));
  for (const { name, begin, minMs, maxMs } of kinds) {
    for (let times = random.whole(1, 3); times > 0; times -= 1) {
      time.after(random.between(0, untilMs), () => {
        const end = begin();
        trace.add(() => `trouble: ${name}`);
        const lastsMs = Math.min(random.between(minMs, maxMs), untilMs - time.nowMs());
        if (end) time.after(lastsMs, end);
      });
    }
  }
  for (const { opensAfterMs } of sale.stocks) {
    if (opensAfterMs !== null && random.chance(0.5)) freezeBeforeOpening(world, servers, opensAfterMs, untilMs);
  }
}

/** The database answers nothing in front of an opening, and often beyond it. */
function freezeBeforeOpening(
  { time, random, trace }: World,
  { database }: Servers,
  atMs: number,
  untilMs: number,
): void {
  const fromMs = Math.max(0, atMs - random.between(100, 2500));
  time.after(fromMs, () => {
    trace.add(() => 'trouble: the database freezes in front of an opening');
    database.freeze();
  });
  time.after(Math.max(fromMs, Math.min(untilMs, atMs + random.between(-300, 1500))), database.thaw);
}

function troubles(world: World, servers: Servers, processes: Processes): Trouble[] {
  const { random } = world;
  const { database, redis, log, group } = servers;
  const freeze = (kind: 'consumer' | 'provider' | 'worker') => () => {
    const process = random.pick(processes.all(kind));
    world.trace.add(() => `${process.name} freezes`);
    process.freeze();
    // An answer that lies in its socket is read when it goes on.
    if (kind === 'provider') world.readLateMs += MAX_FREEZE_MS;
    return process.revive;
  };
  const restart = (kind: 'consumer' | 'provider' | 'worker') => () => {
    const { place, name } = processes.kill(kind);
    world.trace.add(() => `${name} is killed`);
    return () => processes.start(kind, place);
  };
  const at = (name: string, minMs: number, maxMs: number, begin: Trouble['begin']) => ({
    name,
    minMs,
    maxMs,
    begin,
  });
  const once = (act: () => void) => () => {
    act();
    return undefined;
  };
  return [
    at('a worker freezes', 100, 12_000, freeze('worker')),
    at('a provider freezes', 100, MAX_FREEZE_MS, freeze('provider')),
    at('a consumer freezes', 100, 5000, freeze('consumer')),
    at('a worker is killed', 50, 3000, restart('worker')),
    at('a provider is killed', 50, 1500, restart('provider')),
    at('a consumer is killed', 50, 1500, restart('consumer')),
    at('the database is away', 50, 2500, () => {
      database.stop();
      return database.start;
    }),
    at('the database freezes', 100, 4000, () => {
      database.freeze();
      return database.thaw;
    }),
    at('the log is away', 200, 5000, () => {
      servers.logUp = false;
      return () => {
        servers.logUp = true;
      };
    }),
    at('a partition has no leader', 200, 5000, () => {
      const partition = random.pick(log.partitions);
      servers.leaderlessPartitions.add(partition);
      return () => servers.leaderlessPartitions.delete(partition);
    }),
    at('Redis is away', 100, 4000, () => {
      servers.redisUp = false;
      return () => {
        servers.redisUp = true;
      };
    }),
    at('Redis is wiped', 0, 0, once(redis.wipe)),
    at('the log loses its records', 0, 0, once(log.truncate)),
    at('the log is made anew', 0, 0, once(log.recreate)),
    at('the group forgets its offsets', 0, 0, once(group.forgetOffsets)),
    at('the group rebalances', 0, 0, once(group.rebalance)),
  ];
}
