// All metrics. docs/metrics.md is generated from this table. Names end with their unit.

const CALL_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const DECISION_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 60];
// Narrow buckets, from which the console estimates percentiles.
const ANSWER_SECONDS = [
  ...[0.002, 0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75],
  ...[1, 1.5, 2, 3, 4, 5],
];
const DRAW_SECONDS = [0.1, 0.5, 1, 5, 10, 30, 60, 120, 300, 600];
const BATCH_ITEMS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000];

export type MetricDefinition = {
  type: 'counter' | 'gauge' | 'histogram';
  help: string;
  labels: readonly string[];
  /** The processes that export it. */
  of: readonly ('consumer' | 'provider' | 'order-worker')[];
  buckets?: readonly number[];
};

const ALL = ['consumer', 'provider', 'order-worker'] as const;
const DECIDERS = ['provider', 'order-worker'] as const;

export const metricTable = {
  // The names and labels of OpenTelemetry's semantic conventions, as Prometheus writes them.
  http_server_request_duration_seconds: {
    type: 'histogram',
    help: 'Duration of HTTP requests by status. Not of event streams that were open, nor of abandoned requests',
    labels: ['http_request_method', 'http_route', 'http_response_status_code'],
    of: ['consumer'],
    buckets: CALL_SECONDS,
  },
  flashsale_http_abandoned_total: {
    type: 'counter',
    help: 'HTTP requests whose client disconnected before the response, except event streams',
    labels: ['http_request_method', 'http_route'],
    of: ['consumer'],
  },
  flashsale_order_answer_seconds: {
    type: 'histogram',
    help: 'Time from receiving an order to responding with its decision',
    labels: ['decision'],
    of: ['consumer'],
    buckets: ANSWER_SECONDS,
  },
  rpc_server_duration_seconds: {
    type: 'histogram',
    help: 'Duration of gRPC calls by status code, a number: 0 is OK, 4 DEADLINE_EXCEEDED, 13 INTERNAL, 14 UNAVAILABLE',
    labels: ['rpc_method', 'rpc_grpc_status_code'],
    of: ['provider'],
    buckets: CALL_SECONDS,
  },
  flashsale_decisions_total: {
    type: 'counter',
    help: 'Orders decided for the first time, counted after COMMIT. decided_by: log or direct',
    labels: ['decision', 'decided_by'],
    of: DECIDERS,
  },
  flashsale_decisions_known_total: {
    type: 'counter',
    help: 'Orders received again that kept their earlier decision',
    labels: ['decided_by'],
    of: DECIDERS,
  },
  flashsale_click_to_decision_seconds: {
    type: 'histogram',
    help: 'Time from the creation of an order number to the COMMIT of its decision. Includes the clock difference of two machines',
    labels: ['decided_by'],
    of: DECIDERS,
    buckets: DECISION_SECONDS,
  },
  flashsale_batch_items: {
    type: 'histogram',
    help: 'Orders per batch. batch: place_orders or decide',
    labels: ['batch'],
    of: DECIDERS,
    buckets: BATCH_ITEMS,
  },
  flashsale_decide_retries_total: {
    type: 'counter',
    help: 'Retries of a batch that could not be decided. kind statement: the database rejects the statement because a table, column or privilege is missing, which an administrator must fix; passing and duplicate_key end by themselves',
    labels: ['kind'],
    of: ['order-worker'],
  },
  flashsale_log_lag_records: {
    type: 'gauge',
    help: 'Pending records of the partition, of one or more orders each, at the last fetch of this worker',
    labels: ['partition'],
    of: ['order-worker'],
  },
  flashsale_log_stuck_partitions: {
    type: 'gauge',
    help: 'Partitions of this worker without progress for 2 s while the others continue, for example because of a locked row or a dead letter that cannot be appended',
    labels: [],
    of: ['order-worker'],
  },
  flashsale_payment_sessions_due: {
    type: 'gauge',
    help: 'Payment sessions whose check at the gateway is due. It grows while the gateway is away. Every worker reports all of them: use the maximum',
    labels: [],
    of: ['order-worker'],
  },
  flashsale_refunds_due: {
    type: 'gauge',
    help: 'Refunds that the gateway has not made yet. Every worker reports all of them: use the maximum',
    labels: [],
    of: ['order-worker'],
  },
  flashsale_webhook_deliveries: {
    type: 'gauge',
    help: 'Deliveries of webhooks. state: due (all that wait, failing ones included), failing (tried without success), dead (given up). Every worker reports all of them: use the maximum',
    labels: ['state'],
    of: ['order-worker'],
  },
  flashsale_refunds_failed: {
    type: 'gauge',
    help: 'Refunds that the gateway refuses, so that a person must act: npm run reconcile lists them. Every worker reports all of them: use the maximum',
    labels: [],
    of: ['order-worker'],
  },
  flashsale_draws_due: {
    type: 'gauge',
    help: 'Draws that can be closed, stated or drawn now. It stays above 0 while DRAW_KEY or the beacon is missing. Every worker reports all of them: use the maximum',
    labels: [],
    of: ['order-worker'],
  },
  flashsale_draw_step_seconds: {
    type: 'histogram',
    help: 'Time from the claim of a draw to the end of a step. step: closed, stated, drawn, or void (an attempt without a statement in time)',
    labels: ['step'],
    of: ['order-worker'],
    buckets: DRAW_SECONDS,
  },
  flashsale_entries_total: {
    type: 'counter',
    help: 'Entries for draws and lines. Outcome: entered, known, not_open, closed, no_draw',
    labels: ['outcome'],
    of: ['provider'],
  },
  flashsale_resting_stocks: {
    type: 'gauge',
    help: 'Stocks that return no units because the log is replayed over a restored database, until npm run replay -- --wait ends. Every worker reports all of them: use the maximum',
    labels: [],
    of: ['order-worker'],
  },
  flashsale_breaker_open: {
    type: 'gauge',
    help: 'Partitions with an open circuit breaker: this provider does not append to them',
    labels: [],
    of: ['provider'],
  },
  flashsale_breaker_openings_total: {
    type: 'counter',
    help: 'Times that the circuit breaker of a partition opened',
    labels: [],
    of: ['provider'],
  },
  flashsale_pool_connections: {
    type: 'gauge',
    help: 'Connections to MySQL. state: used, free, or pending (callers that wait for a connection)',
    labels: ['state'],
    of: DECIDERS,
  },
  flashsale_dependency_up: {
    type: 'gauge',
    help: '1 if the dependency is available, otherwise 0',
    labels: ['dependency'],
    of: ALL,
  },
  flashsale_later_secret_used_timestamp_seconds: {
    type: 'gauge',
    help: 'When a secret after the first in the list of this setting last verified something, in seconds since 1970; 0: never',
    labels: ['setting'],
    of: ALL,
  },
  flashsale_warm_up_seconds: {
    type: 'gauge',
    help: 'Duration of the last warm-up; 0: none',
    labels: [],
    of: ALL,
  },
  flashsale_warm_up_age_seconds: {
    type: 'gauge',
    help: 'Time since the end of the last warm-up; 0: none',
    labels: [],
    of: ALL,
  },
  flashsale_orders_waiting: {
    type: 'gauge',
    help: 'Requests that wait for a decision',
    labels: [],
    of: ['consumer'],
  },
  flashsale_estimated_wait_seconds: {
    type: 'gauge',
    help: 'Estimated time to the decision of an order that is sent now. Above ORDER_WAIT_MS new orders are refused',
    labels: [],
    of: ['consumer'],
  },
  flashsale_orders_turned_away_total: {
    type: 'counter',
    help: 'Orders that got 503 busy before they were sent, because they could not be decided in time or too many wait',
    labels: [],
    of: ['consumer'],
  },
  flashsale_orders_undecided: {
    type: 'gauge',
    help: 'Pending orders that this process sends again until they are decided',
    labels: [],
    of: ['consumer'],
  },
  flashsale_event_listeners: {
    type: 'gauge',
    help: 'Open event streams. kind: stock or order',
    labels: ['kind'],
    of: ['consumer'],
  },
  flashsale_event_listeners_dropped_total: {
    type: 'counter',
    help: 'Event streams closed because the client was too slow',
    labels: [],
    of: ['consumer'],
  },
} as const satisfies Record<string, MetricDefinition>;

export type MetricName = keyof typeof metricTable;
