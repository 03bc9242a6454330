import type { Metric, Registry } from 'prom-client';
import type { MetricDefinition } from './tables/metric-definition.ts';

// prom-client hashes the labels at each count, which takes 400 ns. Here the labels are looked up once, and the hot path increments plain numbers
// (counter and histogram of a request: 10 to 17 ns). prom-client reads the numbers at each scrape.

export type CounterCell = { value: number };
export type HistogramCell = { observe(value: number): void };

type Labels = Record<string, string>;
export type Sample = { labels: Labels; value: number; metricName?: string };

/** The cells of a counter or gauge by label values, created on first use. */
export function createCounterCells(registry: Registry, name: string, definition: MetricDefinition) {
  const cells = new Map<string, { labels: Labels; cell: CounterCell }>();
  register(registry, name, definition, () =>
    [...cells.values()].map(({ labels, cell: { value } }) => ({ labels, value })),
  );
  const find = keyed(definition, cells, () => ({ value: 0 }));
  return { find, clear: () => cells.clear() };
}

/** The cells of a histogram by label values, created on first use. */
export function createHistogramCells(registry: Registry, name: string, definition: MetricDefinition) {
  const bounds = [...(definition.buckets ?? [])];
  const cells = new Map<string, { labels: Labels; cell: ReturnType<typeof createHistogram> }>();
  register(registry, name, definition, () =>
    [...cells.values()].flatMap(({ labels, cell }) => samplesOf(name, labels, bounds, cell)),
  );
  return { find: keyed(definition, cells, () => createHistogram(bounds)) };
}

function keyed<Cell>(
  definition: MetricDefinition,
  cells: Map<string, { labels: Labels; cell: Cell }>,
  open: () => Cell,
): (...values: string[]) => Cell {
  return (...values) => {
    const key = values.join('\0');
    const found = cells.get(key);
    if (found) return found.cell;
    const labels = Object.fromEntries(definition.labels.map((label, i) => [label, values[i] ?? '']));
    const cell = open();
    cells.set(key, { labels, cell });
    return cell;
  };
}

function createHistogram(bounds: number[]) {
  const counts = new Float64Array(bounds.length + 1);
  const total = { sum: 0 };
  return {
    counts,
    total,
    observe(value: number) {
      let bucket = 0;
      while (bucket < bounds.length && value > (bounds[bucket] as number)) bucket += 1;
      counts[bucket] = (counts[bucket] as number) + 1;
      total.sum += value;
    },
  };
}

/** The format of Prometheus: each bucket includes all lower ones. */
function samplesOf(name: string, labels: Labels, bounds: number[], cell: ReturnType<typeof createHistogram>): Sample[] {
  let below = 0;
  const buckets = [...cell.counts].map((count, i) => {
    below += count;
    return { labels: { ...labels, le: String(bounds[i] ?? '+Inf') }, value: below, metricName: `${name}_bucket` };
  });
  return [
    ...buckets,
    { labels, value: cell.total.sum, metricName: `${name}_sum` },
    { labels, value: below, metricName: `${name}_count` },
  ];
}

function register(registry: Registry, name: string, { help, type }: MetricDefinition, samples: () => Sample[]): void {
  // prom-client uses only the name and this method.
  const metric = { name, get: async () => ({ name, help, type, values: samples(), aggregator: 'sum' }) };
  registry.registerMetric(metric as unknown as Metric);
}
