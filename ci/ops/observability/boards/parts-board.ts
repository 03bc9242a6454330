import type { Board } from './build-board.ts';
import { graph, quantile, rate } from './graph.ts';

/** Each process and server: whether it is up, how busy it is, and how it looks from its callers. */
export const partsBoard: Board = {
  uid: 'flash-sale-parts',
  title: 'Parts',
  description: 'nginx, consumers, providers, Kafka, order-workers, MySQL and Redis',
  rows: [
    {
      title: 'All processes',
      panels: [
        graph('Up', 'Processes that Prometheus reaches.', 'short', [['sum by (job) (up)', '{{job}}']]),
        graph('CPU', 'Cores that each process uses. A process of Node.js uses at most one for its own code.', 'short', [
          [`sum by (job, instance) (${rate('process_cpu_seconds_total')})`, '{{job}} {{instance}}'],
        ]),
        graph('Event loop delay, 99 %', 'Above 0.1 s the process is overloaded.', 's', [
          ['max by (job, instance) (nodejs_eventloop_lag_p99_seconds)', '{{job}} {{instance}}'],
        ]),
        graph('Memory', 'Resident memory. The limit in compose.yaml is 512 MB.', 'bytes', [
          ['max by (job, instance) (process_resident_memory_bytes)', '{{job}} {{instance}}'],
        ]),
        graph('Dependencies', '1: the process reaches the server. The lowest value of each kind of process.', 'short', [
          ['min by (job, dependency) (flashsale_dependency_up)', '{{job}}: {{dependency}}'],
        ]),
        graph('Versions', 'Processes by version and commit: two during a release, then one.', 'short', [
          ['count by (version, commit) (flashsale_build_info)', '{{version}} {{commit}}'],
        ]),
        graph('Time since warm-up', 'A process without a recent warm-up is slower for its first orders.', 's', [
          ['max by (job, instance) (flashsale_warm_up_age_seconds)', '{{job}} {{instance}}'],
        ]),
      ],
    },
    {
      title: 'nginx (from nginx-exporter)',
      panels: [
        graph('nginx: requests', 'All requests, also those that nginx answers itself.', 'reqps', [
          [`sum(${rate('nginx_http_requests_total')})`, 'requests'],
        ]),
        graph('nginx: connections', 'Open connections by state.', 'short', [
          ['sum(nginx_connections_active)', 'active'],
          ['sum(nginx_connections_waiting)', 'idle'],
        ]),
      ],
    },
    {
      title: 'Consumer and provider',
      panels: [
        graph('HTTP requests by consumer', 'An uneven share means that nginx has lost a consumer.', 'reqps', [
          [`sum by (instance) (${rate('http_server_request_duration_seconds_count')})`, '{{instance}}'],
        ]),
        graph('gRPC calls by provider', 'An uneven share means that consumers have lost a provider.', 'reqps', [
          [`sum by (instance) (${rate('rpc_server_duration_seconds_count')})`, '{{instance}}'],
        ]),
        graph('gRPC calls, 99 %', 'Duration of calls by method.', 's', [
          [quantile(0.99, 'rpc_server_duration_seconds', 'rpc_method'), '{{rpc_method}}'],
        ]),
        graph(
          'Key set',
          'Failed reads of the key set at JWKS_URL. While it cannot be read, known keys stay valid for an hour.',
          'reqps',
          [[`sum(${rate('flashsale_jwks_failures_total')})`, 'failures']],
        ),
        graph('Event streams dropped', 'Streams that were closed because the client was too slow.', 'reqps', [
          [`sum(${rate('flashsale_event_listeners_dropped_total')})`, 'dropped'],
        ]),
      ],
    },
    {
      title: 'Kafka and order-workers',
      panels: [
        graph('Appends, 99 %', 'As the providers see Kafka.', 's', [
          [quantile(0.99, 'flashsale_append_seconds'), 'append'],
        ]),
        graph('Pending records', 'By order-worker.', 'short', [
          ['sum by (instance) (flashsale_log_lag_records)', '{{instance}}'],
        ]),
        graph('Partitions by order-worker', 'Each partition has one order-worker.', 'short', [
          ['count by (instance) (flashsale_log_lag_records)', '{{instance}}'],
        ]),
      ],
    },
    {
      title: 'MySQL and Redis',
      panels: [
        graph('Statements, 99 %', 'Duration of SQL statements, as the processes see the database.', 's', [
          [quantile(0.99, 'db_client_operation_duration_seconds', 'db_operation_name'), '{{db_operation_name}}'],
        ]),
        graph('Statements', 'SQL statements by verb.', 'reqps', [
          [
            `sum by (db_operation_name) (${rate('db_client_operation_duration_seconds_count')})`,
            '{{db_operation_name}}',
          ],
        ]),
        graph(
          'Connections',
          'Connections to MySQL. pending: callers that wait for one; above 0 the pool or MySQL is the limit.',
          'short',
          [['sum by (job, state) (flashsale_pool_connections)', '{{job}}: {{state}}']],
        ),
        graph(
          'Redis',
          '1: all processes reach it. Without Redis orders are slower, and limits are counted by each process.',
          'short',
          [['min(flashsale_dependency_up{dependency="redis"})', 'redis']],
        ),
        graph('Limiter without Redis', 'Decisions of the limiter that Redis did not answer.', 'reqps', [
          [`sum(${rate('flashsale_limiter_fallbacks_total')})`, 'decisions'],
        ]),
      ],
    },
  ],
};
