import { ORDER_PARTITIONS } from '../../../proto/kafka/partition-of.ts';
import { signingKey } from '../../../proto/settings/secret-keys.ts';
import { groupCpu } from '../bench/bench-table.ts';
import { median } from '../bench/summarize-rounds.ts';
import { fillLog } from './fill-log.ts';
import { measureWorker, type WorkerRun } from './measure-worker.ts';
import type { ScalingContext } from './scaling-context.ts';

export type WorkerFigure = {
  name: string;
  perSecond: number;
  from: number;
  to: number;
  /** Orders per second of CPU time of the order-worker. */
  perCoreSecond: number;
  cpu: Record<string, number>;
};

/** The stocks are on separate partitions, so they are decided in parallel. */
const FULL_LOGS = [
  { name: 'confirmed, 1 stock', stocks: 1, units: 1_000_000 },
  { name: 'confirmed, 8 stocks', stocks: ORDER_PARTITIONS, units: 1_000_000 },
  { name: 'refused, 1 stock of 100 units', stocks: 1, units: 100 },
  { name: 'refused, 8 stocks', stocks: ORDER_PARTITIONS, units: 100 },
];

/** In each round the order-worker decides every full log once. */
export async function runWorkers(context: ScalingContext): Promise<WorkerFigure[]> {
  const { system, database, log, topic, drain, print } = context;
  const { rounds, orders } = context.options;
  const { ORDER_NO_KEY: orderNoKey, ORDER_RECORD_KEY } = system.secrets;
  const recordKey = signingKey(ORDER_RECORD_KEY);
  const runs = new Map<string, WorkerRun[]>(FULL_LOGS.map(({ name }) => [name, []]));
  for (let round = 1; round <= rounds; round += 1) {
    const figures: string[] = [];
    for (const { name, stocks, units } of FULL_LOGS) {
      const sids = await context.stocks.createOnePerPartition(stocks, units);
      const fill = () => fillLog(log, { topic, sids, orders, buyers: `round-${round}`, orderNoKey, recordKey });
      const run = await measureWorker(system, database, sids, orders, fill);
      await drain();
      runs.get(name)?.push(run);
      figures.push(`${name} ${Math.round(run.perSecond)}`);
    }
    print(`· round ${round} of ${rounds}, per second: ${figures.join('; ')}`);
  }
  return [...runs].map(([name, list]) => summarizeWorker(name, list));
}

function summarizeWorker(name: string, runs: WorkerRun[]): WorkerFigure {
  const speeds = runs.map(({ perSecond }) => perSecond);
  const groups = runs.map(({ cpuUsPerOrder }) => groupCpu(cpuUsPerOrder));
  const names = Object.keys(groups[0] ?? {}) as (keyof (typeof groups)[number])[];
  const cpu = Object.fromEntries(names.map((part) => [part, median(groups.map((group) => group[part]))]));
  return {
    name,
    perSecond: Math.round(median(speeds)),
    from: Math.round(Math.min(...speeds)),
    to: Math.round(Math.max(...speeds)),
    perCoreSecond: Math.round(1e6 / (cpu['order-worker'] || Number.NaN)),
    cpu: Object.fromEntries(Object.entries(cpu).map(([part, us]) => [part, Number(us.toFixed(1))])),
  };
}
