import { groupCpu } from '../bench/bench-table.ts';
import { runWrk } from '../bench/generators/run-wrk.ts';
import { type TokenFile, writeTokens } from '../bench/generators/write-tokens.ts';
import { measureSlice } from '../bench/measure-slice.ts';
import type { ScalingContext } from './scaling-context.ts';
import { BASE_NAME, type SpreadPair, type SpreadSlice } from './summarize-spreads.ts';

/** Orders through the whole system, spread over a number of stocks with a number of units each. */
type Spread = {
  name: string;
  stocks: number;
  units: number;
  /** Sells the stocks one after the other, as many as needed. */
  inSequence?: boolean;
};

const CONNECTIONS = 1024;
/** On average. Each buyer buys once. */
const BUYERS_PER_SECOND = 9000;
/** An upper bound of orders per second. */
const MAX_ORDERS_PER_SECOND = 12_000;

const base: Spread = { name: BASE_NAME, stocks: 1, units: 1_000_000 };

/** Each is compared with the base. */
const spreads: Spread[] = [
  { name: '100,000 units', stocks: 1, units: 100_000 },
  { name: '10,000 units, one stock after the other', stocks: 1, units: 10_000, inSequence: true },
  { name: '1,000 units, one stock after the other', stocks: 1, units: 1000, inSequence: true },
  { name: '10 stocks', stocks: 10, units: 1_000_000 },
  { name: '100 stocks', stocks: 100, units: 1_000_000 },
  { name: '1,000 stocks', stocks: 1000, units: 1_000_000 },
];

/**
 * Each round has one slice per spread, in reverse order every second round, and a slice of the base right before each: a longer
 * disturbance of the machine affects both. The first slice warms up and does not count.
 */
export async function runSpreads(context: ScalingContext): Promise<Map<string, SpreadPair[]>> {
  const { system, print } = context;
  const { rounds, seconds } = context.options;
  const buyers = BUYERS_PER_SECOND * seconds * (2 * spreads.length * rounds + 1);
  const tokens = await writeTokens(context.tokensFile, system.secrets.JWT_SECRET, buyers);
  print(`· wrote ${tokens.lines} tokens`);
  const pairs = new Map<string, SpreadPair[]>(spreads.map(({ name }) => [name, []]));
  const describe = ({ perSecond, cpuUs }: SpreadSlice) => `${perSecond}/s (${cpuUs} µs)`;
  await runSlice(context, tokens, base);
  for (let round = 1; round <= rounds; round += 1) {
    for (const spread of round % 2 === 1 ? spreads : spreads.toReversed()) {
      const pair = { base: await runSlice(context, tokens, base), slice: await runSlice(context, tokens, spread) };
      pairs.get(spread.name)?.push(pair);
      print(`· round ${round} of ${rounds}, ${spread.name}: ${describe(pair.slice)}, base ${describe(pair.base)}`);
    }
  }
  return pairs;
}

/** One slice on new stocks. Throws unless every order is confirmed, because other answers have other costs. */
async function runSlice(
  { system, stocks, drain, options: { seconds } }: ScalingContext,
  tokens: TokenFile,
  { name, stocks: count, units, inSequence }: Spread,
): Promise<SpreadSlice> {
  const needed = inSequence ? Math.ceil((MAX_ORDERS_PER_SECOND * seconds) / units) : count;
  const sids = await stocks.create(needed, units);
  const paths = sids.map((sid) => `/api/v1/stocks/${sid}/orders`);
  const load = { method: 'POST', url: system.url, paths, connections: CONNECTIONS, seconds, tokens } as const;
  const send = () => runWrk({ ...load, requestsPerPath: inSequence ? units : 1 });
  const slice = await measureSlice(system, send, drain);
  // Requests that were in flight at the end of the load have no status.
  const others = Object.entries(slice.statuses).filter(([status]) => status !== '201' && status !== '');
  if (slice.broken > 0 || others.length > 0) {
    const list = others.map(([status, n]) => `${n} × ${status}`).join(', ');
    throw new Error(`${name}: not every order was confirmed: ${list}, ${slice.broken} × no response`);
  }
  const groups = Object.entries(groupCpu(slice.cpuUsPerRequest));
  const cpu = Object.fromEntries(groups.map(([group, us]) => [group, Math.round(us)]));
  const cpuUs = Object.values(cpu).reduce((sum, us) => sum + us, 0);
  return { perSecond: Math.round(slice.requests / slice.seconds), cpuUs, cpu, p99Ms: slice.p99Ms };
}
