import { randomUUID } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type LiveReport, ORDERS_ROUTE } from '../messages/live-report.ts';
import type { Metrics } from './metrics.ts';

const RESOLUTION_MS = 20;
const BYTES_PER_MB = 1024 * 1024;

export type LiveReporter = { read(): Promise<LiveReport>; close(): void };

/** Reads the live report from the metrics of this process. */
export function startLiveReporter(
  kind: 'consumer' | 'provider' | 'order-worker',
  name: string,
  metrics: Metrics,
): LiveReporter {
  const startId = randomUUID();
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();

  return {
    async read() {
      // The measured delay includes the interval of the timer.
      const eventLoopMs = Math.max(0, delay.percentile(99) / 1e6 - RESOLUTION_MS);
      delay.reset();
      const { user, system } = process.cpuUsage();
      const counted = await readCounts(metrics);
      return {
        name,
        kind,
        startId,
        memoryMb: round(process.memoryUsage.rss() / BYTES_PER_MB),
        eventLoopMs: round(eventLoopMs),
        counts: { cpuMs: (user + system) / 1000, ...counted },
        levels: await readLevels(metrics),
      };
    },
    close: () => delay.disable(),
  };
}

async function readCounts(metrics: Metrics): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const add = (key: string, value: number) => {
    counts[key] = (counts[key] ?? 0) + value;
  };
  for (const { labels, value, metricName = '' } of await metrics.read('http_server_request_duration_seconds')) {
    const isOrder = labels.http_route === ORDERS_ROUTE && labels.http_request_method === 'POST';
    if (isOrder && metricName.endsWith('_count')) add(`status:${labels.http_response_status_code}`, value);
  }
  for (const { labels, value, metricName = '' } of await metrics.read('flashsale_order_answer_seconds')) {
    if (metricName.endsWith('_bucket')) add(`within:${labels.le}`, value);
    if (metricName.endsWith('_count')) add(`answered:${labels.decision}`, value);
  }
  for (const { labels, value } of await metrics.read('flashsale_decisions_total')) {
    add(`committed:${labels.decision}:${labels.decided_by}`, value);
  }
  return counts;
}

async function readLevels(metrics: Metrics): Promise<Record<string, number>> {
  const sumOf = (samples: { value: number }[]) => samples.reduce((sum, { value }) => sum + value, 0);
  const levels: Record<string, number> = {};
  for (const [level, name] of [
    ['waiting', 'flashsale_orders_waiting'],
    ['undecided', 'flashsale_orders_undecided'],
    ['listeners', 'flashsale_event_listeners'],
  ] as const) {
    const samples = await metrics.read(name);
    if (samples.length > 0) levels[level] = sumOf(samples);
  }
  for (const { labels, value } of await metrics.read('flashsale_log_lag_records')) {
    levels[`lag:${labels.partition}`] = value;
  }
  return levels;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
