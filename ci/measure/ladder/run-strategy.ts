import type { Knex } from 'knex';
import type { Providers } from '../../../consumer/providers/connect-providers.ts';
import { MAX_SAMPLES } from '../../../proto/messages/experiment.ts';
import { countStock, type StockCount, sampleStock } from './sample-stock.ts';
import { type Answer, sendBurst } from './send-burst.ts';
import { LOG_RUNG, type Strategy } from './strategies.ts';
import { type MysqlLoad, watchMysql } from './watch-mysql.ts';

export type StrategyResult = {
  rung: string;
  requests: number;
  /** Answered with a number. */
  accepted: number;
  /** Confirmed rows after the drain. */
  confirmed: number;
  refused: number;
  limited: number;
  errors: number;
  orders: number;
  sale: number;
  count: number;
  oversold: number;
  unsold: number;
  ordersPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  mysqlQueries: number;
  mysqlConnectionsPeak: number;
  servedBy: { consumer: Record<string, number>; provider: Record<string, number> };
};

export type StrategyTarget = { url: string; mysql: Knex; providers: Providers };
export type StrategyOptions = { buyers: number; units: number; ladderLimit: number };
/** For whoever looks on. */
export type StrategyWatch = {
  onAnswer?: (answer: Answer) => void;
  /** Called at most `MAX_SAMPLES` times with the time since the first request; nobody looks without it. */
  onSample?: (ms: number, stock: StockCount) => void;
  /** Ends the run; it rejects then. */
  signal?: AbortSignal;
};

const DRAIN_MAX_MS = 60_000;
const POLL_MS = 20;
// So many buyers that cold processes have done everything a few times.
const WARM_UP = { buyers: 60, units: 60, ladderLimit: 1000 };

/** Enough for the units, and still few enough that the limiter turns some of the crowd away. */
export function chooseLadderLimit(buyers: number, units: number): number {
  return Math.max(units, Math.ceil(buyers * 0.8));
}

/** A run that nobody counts, so that the first one that counts does not pay for cold processes. */
export async function warmUp(target: StrategyTarget, rung: Strategy, signal?: AbortSignal): Promise<void> {
  await runStrategy(target, rung, WARM_UP, signal ? { signal } : {});
}

/** One way to sell, once: a fresh stock, all buyers at the same moment, the drain, the count. */
export async function runStrategy(
  target: StrategyTarget,
  rung: Strategy,
  options: StrategyOptions,
  watch: StrategyWatch = {},
): Promise<StrategyResult> {
  const { mysql, providers } = target;
  const { buyers, units } = options;
  const ladderLimit = rung.limited ? options.ladderLimit : 0;
  const { sid } = await providers.createStock({
    name: `ladder: ${rung.rung}`,
    count: units,
    kind: 'ladder',
    ladderLimit,
  });

  const { answers, seconds, load } = await measureRun(target, rung, sid, buyers, watch);
  const stock = await countStock(mysql, sid);
  watch.onSample?.(Math.round(seconds * 1000), stock);
  const { sale, count, orders } = stock;
  const of = (wanted: Answer['kind']) => answers.filter(({ kind }) => kind === wanted).length;
  const latencies = answers.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b);
  return {
    rung: rung.rung,
    requests: answers.length,
    accepted: of('accepted'),
    confirmed: orders,
    refused: of('refused'),
    limited: of('limited'),
    errors: of('error'),
    orders,
    sale,
    count,
    oversold: Math.max(0, orders - count),
    unsold: Math.max(0, count - orders),
    ordersPerSecond: Math.round(orders / seconds),
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
    mysqlQueries: load.queries,
    mysqlConnectionsPeak: load.connectionsPeak,
    servedBy: { consumer: tally(answers, 'consumer'), provider: tally(answers, 'provider') },
  };
}

type Measured = { answers: Answer[]; seconds: number; load: MysqlLoad };

/** The crowd and the drain; the load is without the statements that only looked on. */
async function measureRun(
  { url, mysql }: StrategyTarget,
  rung: Strategy,
  sid: number,
  buyers: number,
  { onAnswer, onSample, signal }: StrategyWatch,
): Promise<Measured> {
  const stopWatching = await watchMysql(mysql);
  const stopSampling = onSample ? sampleStock(mysql, sid, MAX_SAMPLES - 1, onSample) : async () => 0;
  const stop = async () => {
    const looks = await stopSampling();
    return { looks, ...(await stopWatching()) };
  };
  try {
    const startedMs = performance.now();
    const answers = await sendBurst(url, `/${rung.path}/${sid}`, buyers, { onAnswer, signal });
    const accepted = answers.filter(({ kind }) => kind === 'accepted').length;
    const polls = await drain(mysql, sid, rung.rung === LOG_RUNG ? accepted : 0, signal);
    const seconds = (performance.now() - startedMs) / 1000;
    const { queries, connectionsPeak, looks } = await stop();
    return { answers, seconds, load: { queries: queries - polls - looks, connectionsPeak } };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Waits until every accepted number is decided. Resolves with the number of polls it took. */
async function drain(mysql: Knex, sid: number, accepted: number, signal?: AbortSignal): Promise<number> {
  const untilMs = performance.now() + DRAIN_MAX_MS;
  for (let polls = 0; ; polls += 1) {
    signal?.throwIfAborted();
    if (accepted === 0) return polls;
    const [rows] = (await mysql.raw('SELECT COUNT(*) AS n FROM stock_order WHERE sid = ?', [sid])) as [{ n: number }[]];
    if (Number(rows[0]?.n) >= accepted) return polls + 1;
    if (performance.now() > untilMs)
      throw new Error(`stock ${sid}: ${rows[0]?.n} of ${accepted} orders decided after 60 s`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** The value below which this share of the sorted values lies (nearest rank), to a tenth. */
function percentile(sorted: number[], share: number): number {
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
  return Math.round(value * 10) / 10;
}

function tally(answers: Answer[], who: 'consumer' | 'provider'): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const answer of answers) if (answer[who]) counts[answer[who]] = (counts[answer[who]] ?? 0) + 1;
  return Object.fromEntries(Object.entries(counts).sort());
}
