import type { Knex } from 'knex';
import type { Providers } from '../../../consumer/providers/connect-providers.ts';
import { MAX_SAMPLES } from '../../../proto/messages/experiment.ts';
import { percentile } from '../../command/percentile.ts';
import { countStock, type StockCount, sampleStock } from './sample-stock.ts';
import { type Answer, sendBurst } from './send-burst.ts';
import { LOG_STRATEGY, type Strategy } from './strategies.ts';
import { type MysqlLoad, watchMysql } from './watch-mysql.ts';

export type StrategyResult = {
  name: string;
  requests: number;
  /** Answered with an order number. */
  accepted: number;
  /** Confirmed rows after all accepted orders are decided. */
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
/** Progress of a run. */
export type StrategyWatch = {
  onAnswer?: (answer: Answer) => void;
  /** Called at most `MAX_SAMPLES` times with the time since the first request; without it the stock is not sampled. */
  onSample?: (ms: number, stock: StockCount) => void;
  /** Ends the run, which then rejects. */
  signal?: AbortSignal;
};

const DRAIN_MAX_MS = 60_000;
const POLL_MS = 20;
// Enough buyers for cold processes to compile all code paths.
const WARM_UP = { buyers: 60, units: 60, ladderLimit: 1000 };

/** High enough to sell all units, and low enough to reject some buyers. */
export function chooseLadderLimit(buyers: number, units: number): number {
  return Math.max(units, Math.ceil(buyers * 0.8));
}

/** A run without a result, so that the first measured run does not start with cold processes. */
export async function warmUp(target: StrategyTarget, strategy: Strategy, signal?: AbortSignal): Promise<void> {
  await runStrategy(target, strategy, WARM_UP, signal ? { signal } : {});
}

/** Sells a new stock to simultaneous buyers with one strategy, waits until all orders are decided, and counts. */
export async function runStrategy(
  target: StrategyTarget,
  strategy: Strategy,
  options: StrategyOptions,
  watch: StrategyWatch = {},
): Promise<StrategyResult> {
  const { mysql, providers } = target;
  const { buyers, units } = options;
  const ladderLimit = strategy.limited ? options.ladderLimit : 0;
  const { sid } = await providers.createStock({
    name: `ladder: ${strategy.name}`,
    count: units,
    kind: 'ladder',
    currency: 'EUR',
    ladderLimit,
  });

  const { answers, seconds, load } = await measureRun(target, strategy, sid, buyers, watch);
  const stock = await countStock(mysql, sid);
  watch.onSample?.(Math.round(seconds * 1000), stock);
  const { sale, count, orders } = stock;
  const of = (wanted: Answer['kind']) => answers.filter(({ kind }) => kind === wanted).length;
  const latencies = answers.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b);
  return {
    name: strategy.name,
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
    servedBy: { consumer: countBy(answers, 'consumer'), provider: countBy(answers, 'provider') },
  };
}

type Measured = { answers: Answer[]; seconds: number; load: MysqlLoad };

/** Sends the requests and waits for the decisions. The MySQL load is without the statements of this measurement. */
async function measureRun(
  { url, mysql }: StrategyTarget,
  strategy: Strategy,
  sid: number,
  buyers: number,
  { onAnswer, onSample, signal }: StrategyWatch,
): Promise<Measured> {
  const stopWatching = await watchMysql(mysql);
  const stopSampling = onSample ? sampleStock(mysql, sid, MAX_SAMPLES - 1, onSample) : async () => 0;
  const stop = async () => {
    const samples = await stopSampling();
    return { samples, ...(await stopWatching()) };
  };
  try {
    const startedMs = performance.now();
    const answers = await sendBurst(url, `/${strategy.path}/${sid}`, buyers, { onAnswer, signal });
    const accepted = answers.filter(({ kind }) => kind === 'accepted').length;
    const polls = await waitForDecisions(mysql, sid, strategy.name === LOG_STRATEGY ? accepted : 0, signal);
    const seconds = (performance.now() - startedMs) / 1000;
    const { queries, connectionsPeak, samples } = await stop();
    return { answers, seconds, load: { queries: queries - polls - samples, connectionsPeak } };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Waits until every accepted order is decided. Resolves with the number of polls. */
async function waitForDecisions(mysql: Knex, sid: number, accepted: number, signal?: AbortSignal): Promise<number> {
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

function countBy(answers: Answer[], service: 'consumer' | 'provider'): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const answer of answers) if (answer[service]) counts[answer[service]] = (counts[answer[service]] ?? 0) + 1;
  return Object.fromEntries(Object.entries(counts).sort());
}
