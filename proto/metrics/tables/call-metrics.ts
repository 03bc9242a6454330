import { CALL_SECONDS, DECIDERS, type MetricDefinition } from './metric-definition.ts';

/** Metrics of HTTP requests and gRPC calls. */
export const callMetrics = {
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
  rpc_server_duration_seconds: {
    type: 'histogram',
    help: 'Duration of gRPC calls by status code, a number: 0 is OK, 4 DEADLINE_EXCEEDED, 13 INTERNAL, 14 UNAVAILABLE',
    labels: ['rpc_method', 'rpc_grpc_status_code'],
    of: ['provider'],
    buckets: CALL_SECONDS,
  },
  db_client_operation_duration_seconds: {
    type: 'histogram',
    help: 'Duration of SQL statements by their first word, also of those that were given up',
    labels: ['db_operation_name'],
    of: DECIDERS,
    buckets: CALL_SECONDS,
  },
  flashsale_limiter_fallbacks_total: {
    type: 'counter',
    help: 'Decisions of the limiter without Redis, by the counts of this process alone',
    labels: [],
    of: ['consumer'],
  },
  flashsale_jwks_failures_total: {
    type: 'counter',
    help: 'Reads of the key set at JWKS_URL that failed',
    labels: [],
    of: ['consumer'],
  },
  flashsale_risk_failures_total: {
    type: 'counter',
    help: 'Orders and entries that got no answer of the service at RISK_URL in time',
    labels: [],
    of: ['consumer'],
  },
  flashsale_event_listeners: {
    type: 'gauge',
    help: 'Open event streams. kind: stock, order or entry',
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
