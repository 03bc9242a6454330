// Everything /metrics can say, in one table; docs/metrics.md is held against it by a test. Names end in their unit.

const CALL_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const DECISION_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 60];
// Close to each other: the console estimates percentiles from them.
const ANSWER_SECONDS = [
  ...[0.002, 0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75],
  ...[1, 1.5, 2, 3, 4, 5],
];
const BATCH_ITEMS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000];

export type MetricDefinition = {
  type: 'counter' | 'gauge' | 'histogram';
  help: string;
  labels: readonly string[];
  /** Which processes have it. */
  of: readonly ('consumer' | 'provider' | 'order-worker')[];
  buckets?: readonly number[];
};

const ALL = ['consumer', 'provider', 'order-worker'] as const;
const DECIDERS = ['provider', 'order-worker'] as const;

export const metricTable = {
  flashsale_http_requests_total: {
    type: 'counter',
    help: 'HTTP requests answered. Outcome: accepted, refused, limited, invalid, failed, or abandoned by the caller',
    labels: ['method', 'route', 'status', 'outcome'],
    of: ['consumer'],
  },
  flashsale_http_request_duration_seconds: {
    type: 'histogram',
    help: 'Time to answer an HTTP request, event streams left out',
    labels: ['method', 'route'],
    of: ['consumer'],
    buckets: CALL_SECONDS,
  },
  flashsale_order_answer_seconds: {
    type: 'histogram',
    help: 'Time from the arrival of an order to its answer, where the answer was its decision',
    labels: ['decision'],
    of: ['consumer'],
    buckets: ANSWER_SECONDS,
  },
  flashsale_rpc_calls_total: {
    type: 'counter',
    help: 'gRPC calls answered, by status',
    labels: ['method', 'status'],
    of: ['provider'],
  },
  flashsale_rpc_duration_seconds: {
    type: 'histogram',
    help: 'Time to answer a gRPC call',
    labels: ['method'],
    of: ['provider'],
    buckets: CALL_SECONDS,
  },
  flashsale_decisions_total: {
    type: 'counter',
    help: 'Orders decided for the first time, after the COMMIT; decided_by is log or direct',
    labels: ['decision', 'decided_by'],
    of: DECIDERS,
  },
  flashsale_decisions_known_total: {
    type: 'counter',
    help: 'Orders that came again and kept their earlier decision',
    labels: ['decided_by'],
    of: DECIDERS,
  },
  flashsale_click_to_decision_seconds: {
    type: 'histogram',
    help: 'Time from the minting of an order number to the COMMIT of its decision, over the clocks of two machines',
    labels: ['decided_by'],
    of: DECIDERS,
    buckets: DECISION_SECONDS,
  },
  flashsale_batch_items: {
    type: 'histogram',
    help: 'Items that travelled together; batch is place_orders or decide',
    labels: ['batch'],
    of: DECIDERS,
    buckets: BATCH_ITEMS,
  },
  flashsale_decide_retries_total: {
    type: 'counter',
    help: 'Tries to decide a batch that failed and are made again. Kind statement: the database refuses the statement itself, for a table, column or right that is missing, and a person is needed; passing and duplicate_key end by themselves',
    labels: ['kind'],
    of: ['order-worker'],
  },
  flashsale_log_lag_records: {
    type: 'gauge',
    help: 'Records of the partition that this worker has not decided yet, as of its last fetch',
    labels: ['partition'],
    of: ['order-worker'],
  },
  flashsale_log_stuck_partitions: {
    type: 'gauge',
    help: 'Partitions of this worker that have not got on for 2 s while the others go on: a locked row, or dead letters that cannot be kept',
    labels: [],
    of: ['order-worker'],
  },
  flashsale_resting_stocks: {
    type: 'gauge',
    help: 'Stocks that return no unit because the log is replayed over a restored database; npm run replay -- --wait ends it. Each worker counts all of them: take the maximum',
    labels: [],
    of: ['order-worker'],
  },
  flashsale_breaker_open: {
    type: 'gauge',
    help: 'Partitions to which nothing is appended at the moment, because they did not answer',
    labels: [],
    of: ['provider'],
  },
  flashsale_breaker_openings_total: {
    type: 'counter',
    help: 'Times the breaker of a partition has opened',
    labels: [],
    of: ['provider'],
  },
  flashsale_pool_connections: {
    type: 'gauge',
    help: 'Connections to MySQL; state is used, free or pending (callers that wait for one)',
    labels: ['state'],
    of: DECIDERS,
  },
  flashsale_dependency_up: {
    type: 'gauge',
    help: '1 while the dependency answers',
    labels: ['dependency'],
    of: ALL,
  },
  flashsale_orders_waiting: {
    type: 'gauge',
    help: 'Requests that wait for a decision',
    labels: [],
    of: ['consumer'],
  },
  flashsale_orders_undecided: {
    type: 'gauge',
    help: 'Order numbers minted here and, as far as this process knows, not decided yet',
    labels: [],
    of: ['consumer'],
  },
  flashsale_event_listeners: {
    type: 'gauge',
    help: 'Open event streams; kind is stock or order',
    labels: ['kind'],
    of: ['consumer'],
  },
  flashsale_event_listeners_dropped_total: {
    type: 'counter',
    help: 'Event streams ended because the reader was too slow',
    labels: [],
    of: ['consumer'],
  },
} as const satisfies Record<string, MetricDefinition>;

export type MetricName = keyof typeof metricTable;
