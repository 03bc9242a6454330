import { collectDefaultMetrics, Registry } from 'prom-client';
import { usesOfLaterSecrets } from '../settings/secret-keys.ts';
import {
  type CounterCell,
  createCounterCells,
  createHistogramCells,
  type HistogramCell,
  type Sample,
} from './count-cells.ts';
import { type MetricName, metricTable } from './metric-table.ts';
import { readBuild } from './read-build.ts';
import type { MetricDefinition } from './tables/metric-definition.ts';

export type DecidedBy = 'log' | 'direct';
/** The result of a transaction that decided orders. */
export type CommittedBatch = {
  /** Decided for the first time. */
  fresh: { decision: string; mintedAtMs: number }[];
  /** All orders of the batch. */
  orders: number;
};

/** The metrics of one process. Functions with the suffix `Of` look up the labels once and return a function that counts. */
export type Metrics = {
  /** Counts requests of one route. */
  requestsOf(method: string, route: string): (status: number, seconds: number) => void;
  /** Counts clients that disconnected before the response. */
  abandonedOf(method: string, route: string): () => void;
  /** Counts a response with a decision. */
  answered(decision: string, seconds: number): void;
  /** Counts calls of one rpc. */
  callsOf(method: string): (status: number, seconds: number) => void;
  committed(by: DecidedBy, batch: CommittedBatch): void;
  placedTogether(orders: number): void;
  /** Counts an append of orders to the log. */
  appended(isAcknowledged: boolean, seconds: number): void;
  /** Counts decisions of the limiter without Redis. */
  limitedAlone(decisions: number): void;
  /** Counts an SQL statement by its first word. */
  statement(verb: string, seconds: number): void;
  keysNotRead(): void;
  /** Counts an order or entry without an answer of the risk service. */
  riskNotKnown(): void;
  /** Counts an event or settlement of a payment. */
  paymentRecorded(payment: { outcome: string; repeatedEvent: boolean }): void;
  /** Counts a batch that was not committed because of an error of this kind. */
  retried(kind: string): void;
  /** Counts records that were appended to orders-dead. */
  deadLettered(records: number): void;
  /** Counts a change of the circuit breaker of one partition. */
  breaker(isOpen: boolean): void;
  /** Sets the pending records of a partition. */
  lag(partition: number, records: number): void;
  /** Sets the partitions of this worker, and drops the lag of all others. */
  assigned(partitions: number[]): void;
  /** Counts an order that was refused because it could not be decided in time. */
  turnedAway(): void;
  listenerDropped(): void;
  /** Counts entries that one call took or refused. */
  entered(outcomes: string[]): void;
  /** Counts a step of a draw. */
  drawn(step: string, seconds: number): void;
  /** Registers a gauge that is read at each scrape: one number, or one for each value of its label. Without any if the promise rejects. */
  watch(name: WatchedName, read: () => Watched | Promise<Watched>): void;
  /** Registers the connections of knex's pools, which count together. */
  watchPool(...pools: Pool[]): void;
  watchUp(dependencies: Record<string, () => boolean>): void;
  /** `settings`: those of the process. */
  watchSecrets(settings: Record<string, unknown>): void;
  watchWarmUp(describe: () => { seconds: number; secondsAgo: number | null }): void;
  /** The current samples of a metric; none if the process does not export it. */
  read(name: MetricName): Promise<Sample[]>;
  /** All metrics in the format of Prometheus. */
  text(): Promise<string>;
  contentType: string;
};

export type Pool = { numUsed(): number; numFree(): number; numPendingAcquires(): number };

type Watched = number | Record<string, number>;
type WatchedName = {
  [Name in MetricName]: (typeof metricTable)[Name]['type'] extends 'gauge' ? Name : never;
}[MetricName];

/**
 * Creates an independent set of metrics, so that a test can run several services in one process. `ofProcess`: with those of the process
 * itself, such as its build, event loop lag, memory, garbage collection and handles.
 */
export function createMetrics(
  kind: 'consumer' | 'provider' | 'order-worker' | 'experiments',
  { ofProcess = true } = {},
): Metrics {
  const registry = new Registry();
  if (ofProcess) collectDefaultMetrics({ register: registry });
  // Metrics of other processes go to a registry that is never read.
  const registryOf = (name: MetricName) =>
    definitionOf(name).of.some((process) => process === kind) ? registry : new Registry();
  const cells: Cells = {
    counter: (name) => createCounterCells(registryOf(name), name, definitionOf(name)),
    histogram: (name) => createHistogramCells(registryOf(name), name, definitionOf(name)),
  };
  // Not for a warm-up, whose metrics are not exported: it runs at openings, and must not read files.
  if (ofProcess) cells.counter('flashsale_build_info').find(...readBuild()).value = 1;
  return {
    ...createCallMetrics(cells),
    ...createOrderMetrics(cells),
    ...createDrawMetrics(cells),
    ...createLogMetrics(cells),
    ...createPaymentMetrics(cells),
    ...createWatchedMetrics(registry),
    async read(name) {
      const metric = registry.getSingleMetric(name) as { get(): Promise<{ values: Sample[] }> } | undefined;
      return metric ? (await metric.get()).values : [];
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

type Cells = {
  counter(name: MetricName): ReturnType<typeof createCounterCells>;
  histogram(name: MetricName): ReturnType<typeof createHistogramCells>;
};

function definitionOf(name: MetricName): MetricDefinition {
  return metricTable[name];
}

function createCallMetrics({ counter, histogram }: Cells) {
  const requests = histogram('http_server_request_duration_seconds');
  const abandoned = counter('flashsale_http_abandoned_total');
  const calls = histogram('rpc_server_duration_seconds');
  const statements = histogram('db_client_operation_duration_seconds');
  const dropped = counter('flashsale_event_listeners_dropped_total').find();
  const alone = counter('flashsale_limiter_fallbacks_total').find();
  const keyFailures = counter('flashsale_jwks_failures_total').find();
  const riskFailures = counter('flashsale_risk_failures_total').find();
  return {
    requestsOf(method, route) {
      return byStatus((status) => requests.find(method, route, status));
    },
    abandonedOf(method, route) {
      let cell: CounterCell | undefined;
      return () => {
        cell ??= abandoned.find(method, route);
        cell.value += 1;
      };
    },
    callsOf(method) {
      return byStatus((status) => calls.find(method, status));
    },
    listenerDropped() {
      dropped.value += 1;
    },
    statement: (verb, seconds) => statements.find(verb).observe(seconds),
    limitedAlone(decisions) {
      alone.value += decisions;
    },
    keysNotRead() {
      keyFailures.value += 1;
    },
    riskNotKnown() {
      riskFailures.value += 1;
    },
  } satisfies Partial<Metrics>;
}

/** Looks up the histogram of a status once. */
function byStatus(find: (status: string) => HistogramCell): (status: number, seconds: number) => void {
  const cells = new Map<number, HistogramCell>();
  return (status, seconds) => {
    let cell = cells.get(status);
    if (!cell) {
      cell = find(String(status));
      cells.set(status, cell);
    }
    cell.observe(seconds);
  };
}

function createDrawMetrics({ counter, histogram }: Cells) {
  const entries = counter('flashsale_entries_total');
  const steps = histogram('flashsale_draw_step_seconds');
  return {
    entered(outcomes) {
      for (const outcome of outcomes) entries.find(outcome.toLowerCase()).value += 1;
    },
    drawn: (step, seconds) => steps.find(step).observe(seconds),
  } satisfies Partial<Metrics>;
}

function createOrderMetrics({ counter, histogram }: Cells) {
  const answerSeconds = histogram('flashsale_order_answer_seconds');
  const decisions = counter('flashsale_decisions_total');
  const known = counter('flashsale_decisions_known_total');
  const clickToDecision = histogram('flashsale_click_to_decision_seconds');
  const batches = histogram('flashsale_batch_items');
  const retries = counter('flashsale_decide_retries_total');
  const turnedAway = counter('flashsale_orders_turned_away_total').find();
  const deadLetters = counter('flashsale_dead_letters_total').find();
  return {
    answered: (decision, seconds) => answerSeconds.find(decision).observe(seconds),
    committed(by, { fresh, orders }) {
      const nowMs = Date.now();
      const clicks = clickToDecision.find(by);
      const kinds = new Map<string, CounterCell>();
      for (const { decision, mintedAtMs } of fresh) {
        const kind = kinds.get(decision) ?? decisions.find(decision, by);
        kinds.set(decision, kind);
        kind.value += 1;
        clicks.observe(Math.max(0, nowMs - mintedAtMs) / 1000);
      }
      known.find(by).value += orders - fresh.length;
      batches.find('decide').observe(orders);
    },
    turnedAway() {
      turnedAway.value += 1;
    },
    retried(kind) {
      retries.find(kind).value += 1;
    },
    deadLettered(records) {
      deadLetters.value += records;
    },
    placedTogether: (orders) => batches.find('place_orders').observe(orders),
  } satisfies Partial<Metrics>;
}

function createPaymentMetrics({ counter }: Cells) {
  const outcomes = counter('flashsale_payment_outcomes_total');
  return {
    paymentRecorded({ outcome, repeatedEvent }) {
      if (!repeatedEvent) outcomes.find(outcome.toLowerCase()).value += 1;
    },
  } satisfies Partial<Metrics>;
}

function createLogMetrics({ counter, histogram }: Cells) {
  const appends = histogram('flashsale_append_seconds');
  const acknowledged = appends.find('acknowledged');
  const failed = appends.find('failed');
  const lag = counter('flashsale_log_lag_records');
  const breakerOpen = counter('flashsale_breaker_open').find();
  const breakerOpenings = counter('flashsale_breaker_openings_total').find();
  return {
    breaker(isOpen) {
      breakerOpen.value += isOpen ? 1 : -1;
      if (isOpen) breakerOpenings.value += 1;
    },
    appended: (isAcknowledged, seconds) => (isAcknowledged ? acknowledged : failed).observe(seconds),
    lag(partition, records) {
      lag.find(String(partition)).value = records;
    },
    assigned(partitions) {
      lag.clear();
      for (const partition of partitions) lag.find(String(partition));
    },
  } satisfies Partial<Metrics>;
}

function createWatchedMetrics(registry: Registry) {
  const watch: Metrics['watch'] = (name, read) => {
    const { help, type, labels } = definitionOf(name);
    const get = async () => {
      // What cannot be read must not hide the other metrics.
      const now = await Promise.resolve(read()).catch(() => ({}));
      const values =
        typeof now === 'number'
          ? [{ labels: {}, value: now }]
          : Object.entries(now).map(([label, value]) => ({ labels: { [labels[0] as string]: label }, value }));
      return { name, help, type, values, aggregator: 'sum' };
    };
    registry.registerMetric({ name, get } as never);
  };
  return {
    watch,
    watchPool(...pools) {
      const sum = (count: (pool: Pool) => number) => pools.reduce((total, pool) => total + count(pool), 0);
      watch('flashsale_pool_connections', () => ({
        used: sum((pool) => pool.numUsed()),
        free: sum((pool) => pool.numFree()),
        pending: sum((pool) => pool.numPendingAcquires()),
      }));
    },
    watchSecrets(settings) {
      watch('flashsale_later_secret_used_timestamp_seconds', () => usesOfLaterSecrets(settings));
    },
    watchWarmUp(describe) {
      watch('flashsale_warm_up_seconds', () => describe().seconds);
      watch('flashsale_warm_up_age_seconds', () => describe().secondsAgo ?? 0);
    },
    watchUp(dependencies) {
      const read = ([name, isUp]: [string, () => boolean]) => [name, isUp() ? 1 : 0] as const;
      watch('flashsale_dependency_up', () => Object.fromEntries(Object.entries(dependencies).map(read)));
    },
  } satisfies Partial<Metrics>;
}
