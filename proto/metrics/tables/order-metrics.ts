import { DECIDERS, type MetricDefinition } from './metric-definition.ts';

const DECISION_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 60];
// Narrow buckets, from which the console estimates percentiles.
const ANSWER_SECONDS = [
  ...[0.002, 0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75],
  ...[1, 1.5, 2, 3, 4, 5],
];
const BATCH_ITEMS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000];

/** Metrics of the path of an order. */
export const orderMetrics = {
  flashsale_order_answer_seconds: {
    type: 'histogram',
    help: 'Time from receiving an order to responding with its decision',
    labels: ['decision'],
    of: ['consumer'],
    buckets: ANSWER_SECONDS,
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
  flashsale_orders_undecided_age_seconds: {
    type: 'gauge',
    help: 'Time since the oldest pending order was sent for the first time; 0: none is pending',
    labels: [],
    of: ['consumer'],
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
  flashsale_entries_total: {
    type: 'counter',
    help: 'Entries for draws and lines. Outcome: entered, known, not_open, closed, no_draw',
    labels: ['outcome'],
    of: ['provider'],
  },
} as const satisfies Record<string, MetricDefinition>;
