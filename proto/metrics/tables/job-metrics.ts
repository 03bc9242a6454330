import { DECIDERS, type MetricDefinition } from './metric-definition.ts';

const DRAW_SECONDS = [0.1, 0.5, 1, 5, 10, 30, 60, 120, 300, 600];

/** Metrics of payments and the jobs of the order-workers. */
export const jobMetrics = {
  flashsale_payment_outcomes_total: {
    type: 'counter',
    help: 'Events and settlements of payments recorded for the first time. outcome: paid, already_paid, payment_refunded, wrong_amount, no_payment, or kept (the order is not known yet)',
    labels: ['outcome'],
    of: DECIDERS,
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
  flashsale_refunds_failed: {
    type: 'gauge',
    help: 'Refunds that the gateway refuses, so that a person must act: npm run reconcile lists them. Every worker reports all of them: use the maximum',
    labels: [],
    of: ['order-worker'],
  },
  flashsale_events_unpublished: {
    type: 'gauge',
    help: 'Events of orders with a row that is not published yet. Every worker reports all of them: use the maximum',
    labels: [],
    of: ['order-worker'],
  },
  flashsale_events_unpublished_age_seconds: {
    type: 'gauge',
    help: 'Age of the oldest of them; 0: none. Every worker reports the same: use the maximum',
    labels: [],
    of: ['order-worker'],
  },
  flashsale_webhook_deliveries: {
    type: 'gauge',
    help: 'Deliveries of webhooks. state: due (all that wait, failing ones included), failing (tried without success), dead (given up). Every worker reports all of them: use the maximum',
    labels: ['state'],
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
  flashsale_audit_ok: {
    type: 'gauge',
    help: '1 if the last continuous audit found no broken promise, or none has ended yet; otherwise 0. Every worker reports the last audit: use the minimum',
    labels: [],
    of: ['order-worker'],
  },
  flashsale_audit_violations: {
    type: 'gauge',
    help: 'Stocks that break a check of the last continuous audit. Every worker reports the last audit: use the maximum',
    labels: ['check'],
    of: ['order-worker'],
  },
  flashsale_audit_timestamp_seconds: {
    type: 'gauge',
    help: 'When the last continuous audit ended, in seconds since 1970; 0: none yet',
    labels: [],
    of: ['order-worker'],
  },
  flashsale_resting_stocks: {
    type: 'gauge',
    help: 'Stocks that return no units because the log is replayed over a restored database, until npm run replay -- --wait ends. Every worker reports all of them: use the maximum',
    labels: [],
    of: ['order-worker'],
  },
} as const satisfies Record<string, MetricDefinition>;
