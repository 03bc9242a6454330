import type { Board } from './build-board.ts';
import { graph, mean, quantile, rate } from './graph.ts';

/** The order path, a row for each step: where an order waits. */
export const orderPathBoard: Board = {
  uid: 'flash-sale-order-path',
  title: 'Order path',
  description:
    'Each step of an order from the click to the answer. Read from the top: the first step that is slow is the cause',
  rows: [
    {
      title: '1. Consumer: takes the order',
      panels: [
        graph('Orders that wait', 'Requests that wait for a decision, by consumer.', 'short', [
          ['flashsale_orders_waiting', '{{instance}}'],
        ]),
        graph('Pending orders', 'Orders sent and not known to be decided, which the consumers send again.', 'short', [
          ['sum(flashsale_orders_undecided)', 'pending orders'],
        ]),
        graph(
          'Limiter without Redis',
          'Decisions of the limiter by the counts of one process, because Redis did not answer.',
          'reqps',
          [[`sum(${rate('flashsale_limiter_fallbacks_total')})`, 'decisions']],
        ),
        graph(
          'Risk service without answer',
          'Orders and entries that the service at RISK_URL did not answer in time. RISK_FAILS allows or refuses them.',
          'reqps',
          [[`sum(${rate('flashsale_risk_failures_total')})`, 'orders and entries']],
        ),
      ],
    },
    {
      title: '2. Consumer to provider: PlaceOrders',
      panels: [
        graph('Time of PlaceOrders', 'Duration at the provider. It contains the append.', 's', [
          [
            `histogram_quantile(0.5, sum by (le) (${rate('rpc_server_duration_seconds_bucket{rpc_method="PlaceOrders"}')}))`,
            '50 %',
          ],
          [
            `histogram_quantile(0.99, sum by (le) (${rate('rpc_server_duration_seconds_bucket{rpc_method="PlaceOrders"}')}))`,
            '99 %',
          ],
        ]),
        graph('Orders per batch', 'Mean number of orders in a PlaceOrders call and in a transaction.', 'short', [
          [mean('flashsale_batch_items', 'batch'), '{{batch}}'],
        ]),
        graph('Failed calls', 'gRPC calls by status code other than 0 (OK).', 'reqps', [
          [
            `sum by (rpc_method, rpc_grpc_status_code) (${rate('rpc_server_duration_seconds_count{rpc_grpc_status_code!="0"}')})`,
            '{{rpc_method}} {{rpc_grpc_status_code}}',
          ],
        ]),
      ],
    },
    {
      title: '3. Provider: appends to the log',
      panels: [
        graph('Time of appends', 'Until all in-sync replicas of Kafka have the records.', 's', [
          [quantile(0.5, 'flashsale_append_seconds', 'outcome'), '50 % {{outcome}}'],
          [quantile(0.99, 'flashsale_append_seconds', 'outcome'), '99 % {{outcome}}'],
        ]),
        graph('Appends', 'By outcome. After a failed append the orders are decided directly.', 'reqps', [
          [`sum by (outcome) (${rate('flashsale_append_seconds_count')})`, '{{outcome}}'],
        ]),
        graph('Circuit breakers', 'Partitions to which a provider does not append.', 'short', [
          ['flashsale_breaker_open', '{{instance}}'],
        ]),
      ],
    },
    {
      title: '4. Log: waits for the order-worker',
      panels: [
        graph(
          'Pending records',
          'By partition, also while its worker is gone. Above 0 for long: the workers are too slow, or one is missing.',
          'short',
          [['max by (partition) (flashsale_partition_lag_records)', 'partition {{partition}}']],
        ),
        graph('Stuck partitions', 'Partitions without progress for 2 s while others continue.', 'short', [
          ['sum(flashsale_log_stuck_partitions)', 'partitions'],
        ]),
        graph('Retries', 'Batches that could not be decided, by kind of error.', 'reqps', [
          [`sum by (kind) (${rate('flashsale_decide_retries_total')})`, '{{kind}}'],
        ]),
      ],
    },
    {
      title: '5. Order-worker: decides',
      panels: [
        graph(
          'Decisions by path',
          'log: by the order-workers. direct: by the providers, while the log does not take orders.',
          'reqps',
          [[`sum by (decided_by) (${rate('flashsale_decisions_total')})`, '{{decided_by}}']],
        ),
        graph('Click to decision', 'From the creation of the order number to the COMMIT.', 's', [
          [quantile(0.5, 'flashsale_click_to_decision_seconds'), '50 %'],
          [quantile(0.99, 'flashsale_click_to_decision_seconds'), '99 %'],
        ]),
        graph(
          'Orders received again',
          'Orders that kept their earlier decision. Many: messages are lost or late.',
          'reqps',
          [[`sum by (decided_by) (${rate('flashsale_decisions_known_total')})`, '{{decided_by}}']],
        ),
      ],
    },
    {
      title: '6. After the decision: events',
      panels: [
        graph('Unpublished events', 'Events with a row that Kafka does not have yet.', 'short', [
          ['max(flashsale_events_unpublished)', 'events'],
        ]),
        graph('Age of the oldest event', 'How long the oldest of them waits.', 's', [
          ['max(flashsale_events_unpublished_age_seconds)', 'age'],
        ]),
        graph('Webhook deliveries', 'due: all that wait; failing: tried without success; dead: given up.', 'short', [
          ['max by (state) (flashsale_webhook_deliveries)', '{{state}}'],
        ]),
      ],
    },
  ],
};
