import { parseMetrics } from '../../command/parse-metrics.ts';
import { readCpuMs, readEndedChildrenCpuMs, readMemoryKb } from '../../local/supervisor/read-usage.ts';
import type { BenchSystem } from './bench-system.ts';
import type { LoadResult } from './generators/run-wrk.ts';

/** A slice of load: the load generator's figures, and the CPU time and memory of all processes. */
export type Slice = LoadResult & {
  /** Microseconds of CPU time per request, by process; `load` is the load generator. */
  cpuUsPerRequest: Record<string, number>;
  /** The consumers' responses to orders and entries, by status. */
  statuses: Record<string, number>;
  /** Kilobytes by process, at the end of the load. */
  memoryKb: Record<string, number>;
};

const ROUTES = ['/api/v1/stocks/:sid/orders', '/api/v1/stocks/:sid/entry'];

/** Runs `load`, then `drain`: the CPU time includes deciding the orders that are pending when the load ends. */
export async function measureSlice(
  system: BenchSystem,
  load: () => Promise<LoadResult>,
  drain: () => Promise<void>,
): Promise<Slice> {
  const pids = system.pids();
  const statusesBefore = await readStatuses(system);
  const cpuBefore = readCpuMs(pids);
  const loadBefore = readEndedChildrenCpuMs();
  const result = await load();
  const loadMs = readEndedChildrenCpuMs() - loadBefore;
  const memoryKb = Object.fromEntries([...pids].map(([name, pid]) => [name, readMemoryKb(pid)]));
  await drain();
  const cpuAfter = readCpuMs(pids);
  const statuses = subtract(await readStatuses(system), statusesBefore);
  const perRequest = (ms: number) => Math.round((ms * 10_000) / Math.max(1, result.requests)) / 10;
  const spent = [...cpuAfter].map(([name, ms]) => [name, perRequest(ms - (cpuBefore.get(name) ?? 0))] as const);
  const cpuUsPerRequest = { ...Object.fromEntries(spent.filter(([, us]) => us > 0)), load: perRequest(loadMs) };
  return { ...result, cpuUsPerRequest, statuses, memoryKb };
}

async function readStatuses({ consumerMetrics }: BenchSystem): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const url of consumerMetrics) {
    for (const { name, labels, value } of parseMetrics(await (await fetch(url)).text())) {
      const { http_route = '', http_response_status_code: status = '' } = labels;
      if (name !== 'http_server_request_duration_seconds_count' || !ROUTES.includes(http_route)) continue;
      counts[status] = (counts[status] ?? 0) + value;
    }
  }
  return counts;
}

function subtract(after: Record<string, number>, before: Record<string, number>): Record<string, number> {
  const changes = Object.entries(after).map(([key, value]) => [key, value - (before[key] ?? 0)] as const);
  return Object.fromEntries(changes.filter(([, value]) => value !== 0));
}
