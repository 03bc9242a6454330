import type { BenchSystem } from '../bench/bench-system.ts';
import { groupCpu } from '../bench/bench-table.ts';
import { runWrk } from '../bench/generators/run-wrk.ts';
import type { TokenFile } from '../bench/generators/write-tokens.ts';
import { measureSlice } from '../bench/measure-slice.ts';

/** Orders through the whole system: on how many stocks at once, of how many units each. */
export type Spread = {
  name: string;
  stocks: number;
  units: number;
  /** The stocks are sold out one after the other, as many of them as it takes. */
  inSequence?: boolean;
};

export type SlicePlan = {
  system: BenchSystem;
  tokens: TokenFile;
  makeStocks: (stocks: number, units: number) => Promise<number[]>;
  /** Resolves when nothing is left to be done. */
  drain: () => Promise<void>;
  connections: number;
  seconds: number;
};

export type SpreadSlice = { perSecond: number; cpuUs: number; cpu: Record<string, number>; p99Ms: number };

/** More orders than a second can bring. */
const MAX_ORDERS_PER_SECOND = 12_000;

export const base: Spread = { name: '1 stock of 1,000,000 units', stocks: 1, units: 1_000_000 };

/** Each is compared with the base. */
export const spreads: Spread[] = [
  { name: '100,000 units', stocks: 1, units: 100_000 },
  { name: '10,000 units, one stock after the other', stocks: 1, units: 10_000, inSequence: true },
  { name: '1,000 units, one stock after the other', stocks: 1, units: 1000, inSequence: true },
  { name: '10 stocks', stocks: 10, units: 1_000_000 },
  { name: '100 stocks', stocks: 100, units: 1_000_000 },
  { name: '1,000 stocks', stocks: 1000, units: 1_000_000 },
];

/** One slice with stocks of its own. Throws where an order was not confirmed: another answer has another cost. */
export async function runSlice(plan: SlicePlan, { name, stocks, units, inSequence }: Spread): Promise<SpreadSlice> {
  const { system, tokens, drain, connections, seconds } = plan;
  const needed = inSequence ? Math.ceil((MAX_ORDERS_PER_SECOND * seconds) / units) : stocks;
  const sids = await plan.makeStocks(needed, units);
  const send = () =>
    runWrk({
      method: 'POST',
      url: system.url,
      paths: sids.map((sid) => `/api/v1/stocks/${sid}/orders`),
      stay: inSequence ? units : 1,
      connections,
      seconds,
      tokens,
    });
  const slice = await measureSlice(system, send, drain);
  // Without a status: those that were still under way when the load ended.
  const others = Object.entries(slice.statuses).filter(([status]) => status !== '201' && status !== '');
  if (slice.broken > 0 || others.length > 0) {
    const list = others.map(([status, count]) => `${count} times ${status}`).join(', ');
    throw new Error(`${name}: not every order was confirmed: ${list}, ${slice.broken} without an answer`);
  }
  const cpu = groupCpu(slice.cpuUsPerRequest);
  return {
    perSecond: Math.round(slice.requests / slice.seconds),
    cpuUs: Object.values(cpu).reduce((sum, us) => sum + us, 0),
    cpu,
    p99Ms: slice.p99Ms,
  };
}
