import { partitionOf } from '../../../../proto/kafka/partition-of.ts';
import type { FaultSystem } from './fault-system.ts';

const METRICS_LIMIT_MS = 2000;

/** The order-worker that has this stock's partition. */
export async function findOwner(system: FaultSystem, sid: number): Promise<string> {
  const label = `flashsale_log_lag_records{partition="${partitionOf(sid)}"}`;
  for (const { name, kind } of system.supervisor.list()) {
    if (kind !== 'order-worker') continue;
    const response = await fetch(`${system.metricsUrl(name)}/metrics`, {
      signal: AbortSignal.timeout(METRICS_LIMIT_MS),
    });
    if ((await response.text()).includes(label)) return name;
  }
  throw new Error(`no order-worker has the partition of stock ${sid}`);
}
