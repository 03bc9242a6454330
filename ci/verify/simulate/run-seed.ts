import { LOADING_MAX_MS } from '../../../db/stocks/stock-cache.ts';
import { actAsAdministrator, isOnSale, putOnSale } from './buyers/act-as-administrator.ts';
import { attack } from './buyers/act-as-attacker.ts';
import { actAsBuyer } from './buyers/act-as-buyer.ts';
import { callLadder } from './buyers/act-as-ladder-caller.ts';
import { callConsumer } from './buyers/call-consumer.ts';
import { type BuyerHabits, planHabits, planNewcomer } from './buyers/plan-habits.ts';
import { checkSequence } from './invariants/check-sequence.ts';
import { type Broken, createInvariantChecks, type InvariantChecks } from './invariants/invariant-checks.ts';
import { startNemesis } from './nemesis.ts';
import { type PlannedStock, planSale, type Sale } from './plans/plan-sale.ts';
import { type Processes, runProcesses } from './processes/run-processes.ts';
import { createServers, type Servers } from './servers/servers.ts';
import { NO_FAULTS, planFaults } from './world/faults.ts';
import { createSeededRandom } from './world/seeded-random.ts';
import { createTrace } from './world/trace.ts';
import { createVirtualTime } from './world/virtual-time.ts';
import { createWorld, type World } from './world/world.ts';

export type SeedResult = {
  seed: number;
  broken: Broken | null;
  /** The last lines of what happened. */
  trace: string[];
  /** The same for two runs that went the same way. */
  hash: string;
  simulatedMs: number;
};

// Stock reads are remembered for 1 s, and a message is some milliseconds on its way.
const STALE_MS = 1010;
const NEWCOMER_EVERY_MS = 250;
const LOOK_EVERY_MS = 100;
/** After the storm everything must have come to its end within this time. A consumer asks every minute at least. */
const MAX_CALM_MS = 150_000;

/** One sale under the faults that the seed gives it, until the storm is over and every promise is kept, or one is broken. */
export async function runSeed(seed: number, onLine?: (line: string) => void): Promise<SeedResult> {
  const time = createVirtualTime();
  const random = createSeededRandom(seed);
  const sale = planSale(random);
  const trace = createTrace(time.nowMs, onLine);
  const world = createWorld(time, random, planFaults(random), trace);
  const servers = createServers(
    world,
    sale.stocks.map(({ sid }) => sid),
  );
  const { database } = servers;
  for (const stock of sale.stocks) database.insert('stock', rowOf(stock, database.nowMs()));
  const staleMs = STALE_MS + (world.faults.redisSlow > 0 ? LOADING_MAX_MS : 0);
  const checks = createInvariantChecks(world, database, sale, staleMs);
  const processes = runProcesses(world, servers, sale, checks);
  startNemesis(world, servers, processes, sale);
  const people = { world, servers, sale, checks, consumers: processes.consumers, providers: processes.providers };
  actAsAdministrator(people);
  if (random.chance(0.4)) callLadder(people);
  if (random.chance(0.4)) attack(world, servers, sale);
  const over = runBuyers({ world, servers, sale, checks, processes });
  await time
    .run(() => checks.broken() !== null || over())
    .catch((error: unknown) => checks.fail('no message ends a process', String((error as Error).stack)));
  if (!checks.broken() && !over()) checks.fail('everything ends', 'nothing is left to happen');
  if (!checks.broken()) checkSequence(servers, sale, checks);
  const broken = checks.broken();
  return { seed, broken, trace: trace.lines(), hash: trace.hash(), simulatedMs: time.nowMs() };
}

function rowOf({ sid, count, kind, priceCents, opensAfterMs, closesAfterMs }: PlannedStock, databaseMs: number) {
  const at = (afterMs: number | null) => (afterMs === null ? null : new Date(Math.floor(databaseMs + afterMs)));
  const window = { opens_at: at(opensAfterMs), closes_at: at(closesAfterMs) };
  return { id: sid, count, kind, price_cents: priceCents, ...window };
}

type Run = { world: World; servers: Servers; sale: Sale; checks: InvariantChecks; processes: Processes };

/** Sends the buyers; returns what says when all is over. */
function runBuyers({ world, servers, sale, checks, processes }: Run): () => boolean {
  const { time, random, faults, trace } = world;
  let over = false;
  let calm = false;
  const waiting = new Set<string>();
  const { database } = servers;
  const isSoldOut = ({ sid, count, kind }: PlannedStock) =>
    kind === 'ladder' || database.rowOf('stock', String(sid))?.sale === count;
  const parts = { world, checks, consumers: processes.consumers, isOver: () => over };

  function send(habits: BuyerHabits): void {
    waiting.add(habits.name);
    actAsBuyer(parts, habits).then(
      () => waiting.delete(habits.name),
      (error: unknown) => checks.fail('buyers are answered', `${habits.name}: ${(error as Error).stack}`),
    );
  }

  for (let i = 0; i < sale.buyers; i += 1) {
    const habits = planHabits(world, sale, `buyer-${i}`);
    time.after(random.between(0, sale.rushMs), () => send(habits));
  }

  function lookAround(): void {
    if (calm) return;
    const { sid } = random.pick(sale.stocks);
    void callConsumer(world, random.pick(processes.consumers()), ({ look }) => look(sid));
    time.after(LOOK_EVERY_MS, lookAround);
  }
  if (random.chance(0.5)) lookAround();

  function newcomer(number: number): void {
    if (over) return;
    const left = sale.stocks.filter((stock) => isOnSale(servers, stock) && !isSoldOut(stock));
    for (const { sid } of left) {
      send(planNewcomer(`late-${number}-${sid}`, sid));
    }
    time.after(NEWCOMER_EVERY_MS, () => newcomer(number + 1));
  }
  time.after(sale.stormMs, () => {
    Object.assign(faults, NO_FAULTS);
    calm = true;
    trace.add(() => 'the storm is over');
    putOnSale({ world, servers, sale, consumers: processes.consumers }, () => over);
    newcomer(0);
  });
  time.after(sale.stormMs + MAX_CALM_MS, () => {
    if (waiting.size > 0) checks.fail('every buyer is answered', `${[...waiting].join(', ')} still wait`);
    else checks.fail('all units are sold', JSON.stringify(database.rowsOf('stock')));
  });

  const isSold = () => sale.stocks.every(isSoldOut);
  const isDone = () => calm && waiting.size === 0 && isSold();
  let doneMs: number | undefined;
  return () => {
    if (!isDone()) doneMs = undefined;
    else if (doneMs === undefined) {
      doneMs = time.nowMs();
      // What lies on the log is handed out once more, to whoever owns it now: nothing may come of it.
      if (random.chance(0.3)) {
        servers.group.forgetOffsets();
        servers.group.rebalance();
      }
    }
    over = doneMs !== undefined && time.nowMs() >= doneMs + LAST_LOOK_MS;
    return over;
  };
}

const LAST_LOOK_MS = 800;
