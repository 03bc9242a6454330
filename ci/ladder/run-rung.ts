import type { Knex } from 'knex';
import type { Providers } from '../../consumer/call-provider.ts';
import { LOG_RUNG, type Rung } from './rungs.ts';
import { type Answer, sendBurst } from './send-burst.ts';
import { watchMysql } from './watch-mysql.ts';

export type RungResult = {
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

export type RungTarget = { url: string; mysql: Knex; providers: Providers };
export type RungOptions = { buyers: number; units: number; ladderLimit: number };

const DRAIN_MAX_MS = 60_000;
const POLL_MS = 20;

/** One way to sell, once: a fresh stock, all buyers at the same moment, the drain, the count. */
export async function runRung(target: RungTarget, rung: Rung, options: RungOptions): Promise<RungResult> {
  const { url, mysql, providers } = target;
  const { buyers, units } = options;
  const ladderLimit = rung.limited ? options.ladderLimit : 0;
  const { sid } = await providers.createStock({
    name: `ladder: ${rung.rung}`,
    count: units,
    kind: 'ladder',
    ladderLimit,
  });

  const stopWatching = await watchMysql(mysql);
  const startedMs = performance.now();
  const answers = await sendBurst(url, `/${rung.path}/${sid}`, buyers);
  const accepted = answers.filter(({ kind }) => kind === 'accepted').length;
  const polls = await drain(mysql, sid, rung.rung === LOG_RUNG ? accepted : 0);
  const seconds = (performance.now() - startedMs) / 1000;
  const load = await stopWatching();

  const { sale, count, orders } = await readResult(mysql, sid);
  const latencies = answers.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b);
  return {
    rung: rung.rung,
    requests: answers.length,
    accepted,
    confirmed: orders,
    refused: answers.filter(({ kind }) => kind === 'refused').length,
    limited: answers.filter(({ kind }) => kind === 'limited').length,
    errors: answers.filter(({ kind }) => kind === 'error').length,
    orders,
    sale,
    count,
    oversold: Math.max(0, orders - count),
    unsold: Math.max(0, count - orders),
    ordersPerSecond: Math.round(orders / seconds),
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
    mysqlQueries: load.queries - polls,
    mysqlConnectionsPeak: load.connectionsPeak,
    servedBy: { consumer: tally(answers, 'consumer'), provider: tally(answers, 'provider') },
  };
}

/** Waits until every accepted number is decided. Resolves with the number of polls it took. */
async function drain(mysql: Knex, sid: number, accepted: number): Promise<number> {
  const untilMs = performance.now() + DRAIN_MAX_MS;
  for (let polls = 0; ; polls += 1) {
    if (accepted === 0) return polls;
    const [rows] = (await mysql.raw('SELECT COUNT(*) AS n FROM stock_order WHERE sid = ?', [sid])) as [{ n: number }[]];
    if (Number(rows[0]?.n) >= accepted) return polls + 1;
    if (performance.now() > untilMs)
      throw new Error(`stock ${sid}: ${rows[0]?.n} of ${accepted} orders decided after 60 s`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function readResult(mysql: Knex, sid: number): Promise<{ sale: number; count: number; orders: number }> {
  const [rows] = (await mysql.raw(
    `SELECT sale, count, (SELECT COUNT(*) FROM stock_order WHERE sid = stock.id AND live = 1) AS orders
     FROM stock WHERE id = ?`,
    [sid],
  )) as [{ sale: number; count: number; orders: number }[]];
  if (!rows[0]) throw new Error(`stock ${sid} is gone`);
  return rows[0];
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
