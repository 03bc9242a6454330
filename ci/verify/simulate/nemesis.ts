import type { ActorOptions } from './buyers/actor-options.ts';
import type { ProcessKind } from './processes/run-processes.ts';

const MAX_FREEZE_MS = 5000;

/** `begin` returns the function that ends it; undefined: it happens at once. */
type Disruption = { name: string; minMs: number; maxMs: number; begin(): (() => unknown) | undefined };

/** Plans what happens to whole processes and servers. Everything ends with the storm at the latest. */
export function startNemesis(options: ActorOptions): void {
  const { world, sale } = options;
  const { time, random, trace } = world;
  const untilMs = sale.stormMs;
  const chosen = [...processDisruptions(options), ...serverDisruptions(options)].filter(() => random.chance(0.4));
  for (const { name, begin, minMs, maxMs } of chosen) {
    for (let times = random.whole(1, 3); times > 0; times -= 1) {
      time.after(random.between(0, untilMs), () => {
        const end = begin();
        trace.add(() => `nemesis: ${name}`);
        const lastsMs = Math.min(random.between(minMs, maxMs), untilMs - time.nowMs());
        if (end) time.after(lastsMs, end);
      });
    }
  }
  for (const { opensAfterMs } of sale.stocks) {
    if (opensAfterMs !== null && random.chance(0.5)) freezeBeforeOpening(options, opensAfterMs);
  }
}

/** Freezes the database before an opening, and often until after it. */
function freezeBeforeOpening({ world, servers, sale }: ActorOptions, opensAtMs: number): void {
  const { time, random, trace } = world;
  const { database } = servers;
  const fromMs = Math.max(0, opensAtMs - random.between(100, 2500));
  time.after(fromMs, () => {
    trace.add(() => 'nemesis: the database freezes before an opening');
    database.freeze();
  });
  const thawMs = Math.min(sale.stormMs, opensAtMs + random.between(-300, 1500));
  time.after(Math.max(fromMs, thawMs), database.thaw);
}

function processDisruptions({ world, processes }: ActorOptions): Disruption[] {
  const { random, trace } = world;
  const freeze = (kind: ProcessKind) => () => {
    const process = random.pick(processes.all(kind));
    trace.add(() => `${process.name} freezes`);
    process.freeze();
    // A frozen provider reads an answer from its socket only when it is revived.
    if (kind === 'provider') world.readLateMs += MAX_FREEZE_MS;
    return process.revive;
  };
  const restart = (kind: ProcessKind) => () => {
    const { place, name } = processes.kill(kind);
    trace.add(() => `${name} is killed`);
    return () => processes.start(kind, place);
  };
  return [
    { name: 'a worker freezes', minMs: 100, maxMs: 12_000, begin: freeze('worker') },
    { name: 'a provider freezes', minMs: 100, maxMs: MAX_FREEZE_MS, begin: freeze('provider') },
    { name: 'a consumer freezes', minMs: 100, maxMs: 5000, begin: freeze('consumer') },
    { name: 'a worker is killed', minMs: 50, maxMs: 3000, begin: restart('worker') },
    { name: 'a provider is killed', minMs: 50, maxMs: 1500, begin: restart('provider') },
    { name: 'a consumer is killed', minMs: 50, maxMs: 1500, begin: restart('consumer') },
  ];
}

function serverDisruptions({ world, servers }: ActorOptions): Disruption[] {
  const { database, redis, log, group, leaderlessPartitions } = servers;
  const between = (begin: () => void, end: () => void) => () => {
    begin();
    return end;
  };
  const once = (act: () => void) => () => {
    act();
    return undefined;
  };
  const setLogUp = (up: boolean) => () => {
    servers.logUp = up;
  };
  const setRedisUp = (up: boolean) => () => {
    servers.redisUp = up;
  };
  const setEventsUp = (up: boolean) => () => {
    servers.eventsUp = up;
  };
  function loseLeader() {
    const partition = world.random.pick(log.partitions);
    leaderlessPartitions.add(partition);
    return () => leaderlessPartitions.delete(partition);
  }
  return [
    { name: 'the database is down', minMs: 50, maxMs: 2500, begin: between(database.stop, database.start) },
    { name: 'the database freezes', minMs: 100, maxMs: 4000, begin: between(database.freeze, database.thaw) },
    { name: 'the log is down', minMs: 200, maxMs: 5000, begin: between(setLogUp(false), setLogUp(true)) },
    {
      name: 'the event topic is down',
      minMs: 200,
      maxMs: 12_000,
      begin: between(setEventsUp(false), setEventsUp(true)),
    },
    { name: 'a partition has no leader', minMs: 200, maxMs: 5000, begin: loseLeader },
    { name: 'Redis is down', minMs: 100, maxMs: 4000, begin: between(setRedisUp(false), setRedisUp(true)) },
    { name: 'Redis is wiped', minMs: 0, maxMs: 0, begin: once(redis.wipe) },
    { name: 'the log loses its records', minMs: 0, maxMs: 0, begin: once(log.truncate) },
    { name: 'the log is recreated', minMs: 0, maxMs: 0, begin: once(log.recreate) },
    { name: 'the group loses its offsets', minMs: 0, maxMs: 0, begin: once(group.forgetOffsets) },
    { name: 'the group rebalances', minMs: 0, maxMs: 0, begin: once(group.rebalance) },
  ];
}
