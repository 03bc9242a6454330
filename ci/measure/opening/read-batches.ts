import { parseMetrics, sumOf } from '../../command/parse-metrics.ts';
import type { BenchSystem } from '../bench/bench-system.ts';

type Batches = { count: number; orders: number };
/** Calls to providers and transactions of order-workers since their start, and the orders in them. */
export type BatchCounts = { calls: Batches; transactions: Batches };

export async function readBatches(
  system: Pick<BenchSystem, 'providerMetrics' | 'workerMetrics'>,
): Promise<BatchCounts> {
  const read = async (urls: string[], batch: string): Promise<Batches> => {
    const texts = await Promise.all(urls.map(async (url) => (await fetch(url)).text()));
    const samples = texts.flatMap(parseMetrics);
    const sum = (suffix: string) => sumOf(samples, `flashsale_batch_items_${suffix}`, { batch });
    return { count: sum('count'), orders: sum('sum') };
  };
  const [calls, transactions] = await Promise.all([
    read(system.providerMetrics, 'place_orders'),
    read(system.workerMetrics, 'decide'),
  ]);
  return { calls, transactions };
}

/** Orders per batch between two readings. */
export function meanSize(before: Batches, after: Batches): number {
  const count = after.count - before.count;
  return count > 0 ? Math.round(((after.orders - before.orders) / count) * 10) / 10 : 0;
}
