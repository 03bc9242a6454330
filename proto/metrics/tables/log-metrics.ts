import { CALL_SECONDS, type MetricDefinition } from './metric-definition.ts';

/** Metrics of the log. */
export const logMetrics = {
  flashsale_append_seconds: {
    type: 'histogram',
    help: 'Time of an append of orders to the log. outcome: acknowledged, or failed (rejected, or without an answer within APPEND_DEADLINE_MS)',
    labels: ['outcome'],
    of: ['provider'],
    buckets: CALL_SECONDS,
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
  flashsale_partition_lag_records: {
    type: 'gauge',
    help: 'Pending records of the partition, of one or more orders each, read from Kafka at each scrape: known also when its worker is gone; absent while Kafka is away. Every provider reports all partitions: use the maximum',
    labels: ['partition'],
    of: ['provider'],
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
  flashsale_dead_letters_total: {
    type: 'counter',
    help: 'Invalid records that this worker appended to orders-dead. Their orders have no decision',
    labels: [],
    of: ['order-worker'],
  },
} as const satisfies Record<string, MetricDefinition>;
