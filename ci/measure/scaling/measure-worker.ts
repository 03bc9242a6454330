import type { Database } from '../../../db/mysql/database.ts';
import { pause, realClock } from '../../../proto/process/clock.ts';
import { parseMetrics, sumOf } from '../../command/parse-metrics.ts';
import { readCpuMs } from '../../local/supervisor/read-usage.ts';
import type { BenchSystem } from '../bench/bench-system.ts';

/** An order-worker that starts with a full log. */
export type WorkerRun = {
  /** Committed decisions per second, from the first batch to the last. */
  perSecond: number;
  /** Microseconds of CPU time per order, by process, without the start of the order-worker. */
  cpuUsPerOrder: Record<string, number>;
};

const WORKER = 'order-worker-1';
const FIRST_POLL_MS = 2;
const POLL_MS = 250;
const START_LIMIT_MS = 30_000;
const DECIDE_LIMIT_MS = 120_000;

/** Stops the only order-worker, fills the log with orders of the stocks, starts it, and waits until all orders are decided. */
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
  await waitForFirstCommit(database, sids);
  const pids = system.pids();
  const before = readCpuMs(pids);
  const decidedBefore = await countDecided(system);
  await started;
  await waitUntilDecided(system, orders);
  const after = readCpuMs(pids);
  const spent = [...after].map(([name, ms]) => [name, ms - (before.get(name) ?? 0)] as const);
  const counted = Math.max(1, orders - decidedBefore);
  return {
    perSecond: await readPerSecond(database, sids, orders),
    cpuUsPerOrder: Object.fromEntries(spent.map(([name, ms]) => [name, (ms * 1000) / counted])),
  };
}

/** Resolves when the order-worker has committed its first batch. */
async function waitForFirstCommit(database: Database, sids: number[]): Promise<void> {
  const untilMs = performance.now() + START_LIMIT_MS;
  while (performance.now() < untilMs) {
    const [changed] = await database.session((session) =>
      session.rows('SELECT 1 FROM stock WHERE id IN (?) AND version > 0 LIMIT 1', [sids]),
    );
    if (changed) return;
    await pause(realClock, FIRST_POLL_MS);
  }
  throw new Error(`no order was decided within ${START_LIMIT_MS / 1000} s`);
}

/** The interval is long, because each poll costs the order-worker some milliseconds. */
async function waitUntilDecided(system: BenchSystem, orders: number): Promise<void> {
  const untilMs = performance.now() + DECIDE_LIMIT_MS;
  while ((await countDecided(system)) < orders) {
    if (performance.now() > untilMs) throw new Error(`not all orders were decided within ${DECIDE_LIMIT_MS / 1000} s`);
    await pause(realClock, POLL_MS);
  }
}

/** Decisions of the running order-worker. */
async function countDecided({ workerMetrics }: BenchSystem): Promise<number> {
  const texts = await Promise.all(workerMetrics.map(async (url) => (await fetch(url)).text()));
  return sumOf(texts.flatMap(parseMetrics), 'flashsale_decisions_total');
}

/** From the first batch to the last, by the database's clock. */
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
  if (!first || !last || last.atMs <= first.atMs) throw new Error('all orders were decided in one batch');
  const total = batches.reduce((sum, { rows }) => sum + Number(rows), 0);
  if (total !== orders) throw new Error(`${total} rows for ${orders} orders`);
  return ((total - Number(first.rows)) * 1000) / (Number(last.atMs) - Number(first.atMs));
}
