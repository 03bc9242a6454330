import { LOADING_MAX_MS } from '../../../db/stocks/stock-cache.ts';
import { actAsAdministrator } from './buyers/act-as-administrator.ts';
import { actAsAttacker } from './buyers/act-as-attacker.ts';
import { actAsEntrants } from './buyers/act-as-entrants.ts';
import { actAsLadderCaller } from './buyers/act-as-ladder-caller.ts';
import { runBuyers } from './buyers/run-buyers.ts';
import { createGatewayEvents } from './buyers/send-gateway-events.ts';
import { checkSequence } from './invariants/check-sequence.ts';
import { type Broken, createInvariantChecks } from './invariants/invariant-checks.ts';
import { startNemesis } from './nemesis.ts';
import { type PlannedStock, planSale } from './plans/plan-sale.ts';
import { runProcesses } from './processes/run-processes.ts';
import { createServers } from './servers/servers.ts';
import { planFaults } from './world/faults.ts';
import { createSeededRandom } from './world/seeded-random.ts';
import { createTrace } from './world/trace.ts';
import { createVirtualTime } from './world/virtual-time.ts';
import { createWorld } from './world/world.ts';

export type SeedResult = {
  seed: number;
  broken: Broken | null;
  /** The last events. */
  trace: string[];
  /** Equal for two runs with the same events. */
  hash: string;
  simulatedMs: number;
};

// A stock read is used for 1 s, and a message takes some milliseconds.
const STALE_MS = 1010;

/** Runs one sale under the faults of the seed, until it has ended or an invariant is broken. */
export async function runSeed(seed: number, onLine?: (line: string) => void): Promise<SeedResult> {
  const time = createVirtualTime();
  const random = createSeededRandom(seed);
  const sale = planSale(random, seed);
  const trace = createTrace(time.nowMs, onLine);
  const world = createWorld(time, random, planFaults(random), trace);
  const servers = createServers(
    world,
    sale.stocks.map(({ sid }) => sid),
    {
      onViolation: (detail) => checks.fail('the gateway is called as it demands', detail),
      onChange: (paymentId) => sendEvent(paymentId),
    },
  );
  const { database } = servers;
  for (const stock of sale.stocks) database.insert('stock', rowOf(stock, database.nowMs()));
  const staleMs = STALE_MS + (world.faults.redisSlow > 0 ? LOADING_MAX_MS : 0);
  const checks = createInvariantChecks(world, database, sale, staleMs, servers.gateway);
  const processes = runProcesses({ world, servers, sale, checks });
  const options = { world, servers, sale, checks, processes };
  startNemesis(options);
  actAsAdministrator(options);
  if (random.chance(0.4)) actAsLadderCaller(options);
  if (random.chance(0.4)) actAsAttacker(options);
  const isOver = runBuyers(options);
  if (sale.entries) actAsEntrants(options, sale.entries, isOver);
  const { consumers } = processes;
  const sendEvent = sale.gateway
    ? createGatewayEvents({ world, plan: sale.gateway, consumers, isOver })
    : () => undefined;
  await time
    .run(() => checks.broken() !== null || isOver())
    .catch((error: unknown) => checks.fail('no message crashes a process', String((error as Error).stack)));
  if (!checks.broken() && !isOver()) checks.fail('every run ends', 'no events are left');
  if (!checks.broken()) checkSequence(servers, sale, checks);
  return { seed, broken: checks.broken(), trace: trace.lines(), hash: trace.hash(), simulatedMs: time.nowMs() };
}

function rowOf(stock: PlannedStock, databaseMs: number) {
  const { sid, count, kind, maxPerOrder, mode = 'rush', priceCents, opensAfterMs, closesAfterMs } = stock;
  const at = (afterMs: number | null) => (afterMs === null ? null : new Date(Math.floor(databaseMs + afterMs)));
  const window = { opens_at: at(opensAfterMs), closes_at: at(closesAfterMs) };
  const selling = { mode, offers_only: mode === 'rush' ? 0 : 1 };
  return { id: sid, count, kind, max_per_order: maxPerOrder, price_cents: priceCents, ...selling, ...window };
}
