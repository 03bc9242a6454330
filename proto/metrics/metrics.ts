import { collectDefaultMetrics, Registry } from 'prom-client';
import { counterCells, histogramCells, type Sample } from './count-cells.ts';
import { type MetricDefinition, type MetricName, metricTable } from './metric-table.ts';

export type DecidedBy = 'log' | 'direct';
/** What a deciding transaction has committed. */
export type CommittedBatch = {
  /** Decided for the first time. */
  fresh: { decision: string; mintedAtMs: number }[];
  /** All orders of the batch. */
  orders: number;
};

/** What happened, in the product's words. Labels are looked up once; afterwards a count is an addition. */
export type Metrics = {
  /** For one route, asked once. `seconds` is left out for event streams. */
  requestsOf(method: string, route: string): (status: number, seconds?: number) => void;
  /** A caller that went away before the answer. */
  abandonedOf(method: string, route: string): () => void;
  /** An order was answered with its decision. */
  answered(decision: string, seconds: number): void;
  /** For one rpc, asked once. */
  callsOf(method: string): (status: string, seconds: number) => void;
  committed(by: DecidedBy, batch: CommittedBatch): void;
  placedTogether(orders: number): void;
  /** A batch was not committed, for an error of this kind. */
  retried(kind: string): void;
  /** The breaker of one partition. */
  breaker(state: 'open' | 'closed'): void;
  /** Records of the partition that are not decided yet. */
  lag(partition: number, records: number): void;
  /** The partitions that are ours now; what was said of others is forgotten. */
  assigned(partitions: number[]): void;
  listenerDropped(): void;
  /** A gauge that is asked at each scrape: one number, or one for each value of its label. */
  watch(name: WatchedName, read: () => number | Record<string, number>): void;
  /** Used, free and pending of knex's pool. */
  watchPool(pool: Pool): void;
  watchUp(dependencies: Record<string, () => boolean>): void;
  /** A metric's samples as they are now; none where the process has no such metric. */
  read(name: MetricName): Promise<Sample[]>;
  /** The exposition of all metrics. */
  text(): Promise<string>;
  contentType: string;
};

export type Pool = { numUsed(): number; numFree(): number; numPendingAcquires(): number };

type WatchedName = {
  [Name in MetricName]: (typeof metricTable)[Name]['type'] extends 'gauge' ? Name : never;
}[MetricName];

/** The metrics of one process; each call makes a set of its own, so that tests can run several in one process. */
export function createMetrics(kind: 'consumer' | 'provider' | 'order-worker' | 'experiments'): Metrics {
  const registry = new Registry();
  // Event loop lag, memory, garbage collection, handles.
  collectDefaultMetrics({ register: registry });
  const wanted = (name: MetricName): MetricDefinition => metricTable[name];
  // What the process has not is counted nowhere, and not shown.
  const target = (name: MetricName) => (wanted(name).of.some((one) => one === kind) ? registry : new Registry());
  const counter = (name: MetricName) => counterCells(target(name), name, wanted(name));
  const histogram = (name: MetricName) => histogramCells(target(name), name, wanted(name));

  const requests = counter('flashsale_http_requests_total');
  const requestSeconds = histogram('flashsale_http_request_duration_seconds');
  const answerSeconds = histogram('flashsale_order_answer_seconds');
  const calls = counter('flashsale_rpc_calls_total');
  const callSeconds = histogram('flashsale_rpc_duration_seconds');
  const decisions = counter('flashsale_decisions_total');
  const known = counter('flashsale_decisions_known_total');
  const clickToDecision = histogram('flashsale_click_to_decision_seconds');
  const batches = histogram('flashsale_batch_items');
  const retries = counter('flashsale_decide_retries_total');
  const lag = counter('flashsale_log_lag_records');
  const breakerOpen = counter('flashsale_breaker_open').find();
  const breakerOpenings = counter('flashsale_breaker_openings_total').find();
  const dropped = counter('flashsale_event_listeners_dropped_total').find();

  const watch: Metrics['watch'] = (name, read) => {
    const { help, type, labels } = wanted(name);
    const get = async () => {
      const now = read();
      const values =
        typeof now === 'number'
          ? [{ labels: {}, value: now }]
          : Object.entries(now).map(([label, value]) => ({ labels: { [labels[0] as string]: label }, value }));
      return { name, help, type, values, aggregator: 'sum' };
    };
    registry.registerMetric({ name, get } as never);
  };

  return {
    requestsOf(method, route) {
      const seconds = requestSeconds.find(method, route);
      const byStatus: (ReturnType<typeof requests.find> | undefined)[] = [];
      return (status, took) => {
        const cell = byStatus[status] ?? requests.find(method, route, String(status), outcomeOf(status));
        byStatus[status] = cell;
        cell.value += 1;
        if (took !== undefined) seconds.observe(took);
      };
    },
    abandonedOf(method, route) {
      let cell: ReturnType<typeof requests.find> | undefined;
      return () => {
        cell ??= requests.find(method, route, '', 'abandoned');
        cell.value += 1;
      };
    },
    answered: (decision, seconds) => answerSeconds.find(decision).observe(seconds),
    callsOf(method) {
      const seconds = callSeconds.find(method);
      return (status, took) => {
        calls.find(method, status).value += 1;
        seconds.observe(took);
      };
    },
    committed(by, { fresh, orders }) {
      const nowMs = Date.now();
      const clicks = clickToDecision.find(by);
      const kinds = new Map<string, ReturnType<typeof decisions.find>>();
      for (const { decision, mintedAtMs } of fresh) {
        const kind = kinds.get(decision) ?? decisions.find(decision, by);
        kinds.set(decision, kind);
        kind.value += 1;
        clicks.observe(Math.max(0, nowMs - mintedAtMs) / 1000);
      }
      known.find(by).value += orders - fresh.length;
      batches.find('decide').observe(orders);
    },
    retried(kind) {
      retries.find(kind).value += 1;
    },
    placedTogether: (orders) => batches.find('place_orders').observe(orders),
    breaker(state) {
      breakerOpen.value += state === 'open' ? 1 : -1;
      if (state === 'open') breakerOpenings.value += 1;
    },
    lag(partition, records) {
      lag.find(String(partition)).value = records;
    },
    assigned(partitions) {
      lag.clear();
      for (const partition of partitions) lag.find(String(partition));
    },
    listenerDropped() {
      dropped.value += 1;
    },
    watch,
    watchPool(pool) {
      watch('flashsale_pool_connections', () => ({
        used: pool.numUsed(),
        free: pool.numFree(),
        pending: pool.numPendingAcquires(),
      }));
    },
    watchUp(dependencies) {
      const read = ([name, isUp]: [string, () => boolean]) => [name, isUp() ? 1 : 0] as const;
      watch('flashsale_dependency_up', () => Object.fromEntries(Object.entries(dependencies).map(read)));
    },
    async read(name) {
      const metric = registry.getSingleMetric(name) as { get(): Promise<{ values: Sample[] }> } | undefined;
      return metric ? (await metric.get()).values : [];
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

/** Accepted and refused are never one figure. A refusal is the sale's answer; a failure is ours. */
export function outcomeOf(status: number): string {
  if (status < 400) return 'accepted';
  if (status === 429) return 'limited';
  if (status >= 500) return 'failed';
  return status === 403 || status === 404 || status === 409 || status === 410 ? 'refused' : 'invalid';
}
