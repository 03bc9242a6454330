import type { Database } from '../../../db/mysql/database.ts';
import { pause, realClock } from '../../../proto/process/clock.ts';
import { parseMetrics, sumOf } from '../../command/parse-metrics.ts';
import type { BenchSystem } from '../bench/bench-system.ts';
import { readCpuMs } from '../bench/read-cpu.ts';

/** What one order-worker did with a log that was full when it came. */
export type WorkerRun = {
  /** Decided and committed a second, from the first committed batch to the last one. */
  perSecond: number;
  /** Microseconds of CPU time for each order, by process; the worker's start is not in it. */
  cpuUsPerOrder: Record<string, number>;
};

const WORKER = 'order-worker-1';
const FIRST_POLL_MS = 2;
const POLL_MS = 250;
const START_LIMIT_MS = 30_000;
const DECIDE_LIMIT_MS = 120_000;

/** Stops the only order-worker, has the log filled with orders of the stocks, starts it and watches it until all are decided. */
export async function measureWorker(
  system: BenchSystem,
  database: Database,
  sids: number[],
  orders: number,
  fill: () => Promise<void>,
): Promise<WorkerRun> {
  const { supervisor } = system;
  await supervisor.halt(WORKER);
  await fill();
  const started = supervisor.replace(WORKER);
  started.catch(() => undefined);
  await firstCommit(database, sids);
  const pids = system.pids();
  const before = readCpuMs(pids);
  const decidedBefore = await countDecided(system);
  await started;
  await allDecided(system, orders);
  const after = readCpuMs(pids);
  const spent = [...after].map(([name, ms]) => [name, ms - (before.get(name) ?? 0)] as const);
  const counted = Math.max(1, orders - decidedBefore);
  return {
    perSecond: await readPerSecond(database, sids, orders),
    cpuUsPerOrder: Object.fromEntries(spent.map(([name, ms]) => [name, (ms * 1000) / counted])),
  };
}

/** Resolves with the worker's first committed batch. */
async function firstCommit(database: Database, sids: number[]): Promise<void> {
  const untilMs = performance.now() + START_LIMIT_MS;
  while (performance.now() < untilMs) {
    const [changed] = await database.session((session) =>
      session.rows('SELECT 1 FROM stock WHERE id IN (?) AND version > 0 LIMIT 1', [sids]),
    );
    if (changed) return;
    await pause(realClock, FIRST_POLL_MS);
  }
  throw new Error(`nothing was decided within ${START_LIMIT_MS / 1000} s`);
}

/** Asked seldom: each time costs the worker some milliseconds. */
async function allDecided(system: BenchSystem, orders: number): Promise<void> {
  const untilMs = performance.now() + DECIDE_LIMIT_MS;
  while ((await countDecided(system)) < orders) {
    if (performance.now() > untilMs) throw new Error(`not all decided within ${DECIDE_LIMIT_MS / 1000} s`);
    await pause(realClock, POLL_MS);
  }
}

/** By the worker that runs now. */
async function countDecided({ workerMetrics }: BenchSystem): Promise<number> {
  const texts = await Promise.all(workerMetrics.map(async (url) => (await fetch(url)).text()));
  return sumOf(texts.flatMap(parseMetrics), 'flashsale_decisions_total');
}

/** By the database's clock, when each batch was written: from the first one to the last one. */
async function readPerSecond(database: Database, sids: number[], orders: number): Promise<number> {
  const batches = await database.session((session) =>
    session.rows<{ atMs: number; rows: number }>(
      `SELECT ROUND(UNIX_TIMESTAMP(create_time) * 1000) AS atMs, COUNT(*) AS \`rows\` FROM stock_order
       WHERE sid IN (?) GROUP BY create_time ORDER BY create_time`,
      [sids],
    ),
  );
  const [first] = batches;
  const last = batches.at(-1);
  if (!first || !last || last.atMs <= first.atMs) throw new Error('all was decided in one moment');
  const total = batches.reduce((sum, { rows }) => sum + Number(rows), 0);
  if (total !== orders) throw new Error(`${total} rows for ${orders} orders`);
  return ((total - Number(first.rows)) * 1000) / (Number(last.atMs) - Number(first.atMs));
}
