import t from 'tap';
import { findFreePorts } from '../../ci/local/ports/find-free-ports.ts';
import { metricTable } from './metric-table.ts';
import { createMetrics } from './metrics.ts';
import { startMetricsServer } from './metrics-server.ts';

t.test('counters increase, and are exported with their labels', async (t) => {
  const metrics = createMetrics('consumer');
  const count = metrics.requestsOf('POST', '/api/v1/stocks/:sid/orders');
  count(201, 0.004);
  count(201, 0.3);
  count(410, 0.001);
  count(429, 0.001);
  count(503, 9);
  metrics.abandonedOf('POST', '/api/v1/stocks/:sid/orders')();
  const text = await metrics.text();
  const name = 'http_server_request_duration_seconds';
  const route = 'http_request_method="POST",http_route="/api/v1/stocks/:sid/orders"';
  const labelsOf = (status: number) => `${route},http_response_status_code="${status}"`;
  t.match(text, `${name}_bucket{${labelsOf(201)},le="0.001"} 0`);
  t.match(text, `${name}_bucket{${labelsOf(201)},le="0.005"} 1`);
  t.match(text, `${name}_bucket{${labelsOf(201)},le="+Inf"} 2`);
  t.match(text, `${name}_sum{${labelsOf(201)}} 0.304`);
  t.match(text, `${name}_count{${labelsOf(201)}} 2`);
  t.match(text, `${name}_bucket{${labelsOf(410)},le="0.001"} 1`);
  t.match(text, `${name}_count{${labelsOf(429)}} 1`);
  t.match(text, `${name}_bucket{${labelsOf(503)},le="5"} 0`);
  t.match(text, `${name}_count{${labelsOf(503)}} 1`);
  t.match(text, `flashsale_http_abandoned_total{${route}} 1`);
  t.match(text, 'nodejs_eventloop_lag_p99_seconds');
});

t.test('a process exports its own metrics only', async (t) => {
  const metrics = createMetrics('order-worker');
  metrics.requestsOf('GET', '/')(200, 1);
  metrics.committed('log', {
    orders: 3,
    fresh: [
      { decision: 'CONFIRMED', mintedAtMs: Date.now() - 70 },
      { decision: 'SOLD_OUT', mintedAtMs: Date.now() + 1000 },
    ],
  });
  const text = await metrics.text();
  t.notMatch(text, 'http_server_request_duration_seconds');
  t.match(text, 'flashsale_decisions_total{decision="CONFIRMED",decided_by="log"} 1');
  t.match(text, 'flashsale_decisions_known_total{decided_by="log"} 1');
  t.match(
    text,
    'flashsale_click_to_decision_seconds_bucket{decided_by="log",le="0.05"} 1',
    'a clock behind counts as 0',
  );
  t.match(text, 'flashsale_click_to_decision_seconds_bucket{decided_by="log",le="0.25"} 2');
  t.match(text, 'flashsale_batch_items_bucket{batch="decide",le="5"} 1');
});

t.test('the lag of reassigned partitions is removed', async (t) => {
  const metrics = createMetrics('order-worker');
  metrics.lag(3, 120);
  t.match(await metrics.text(), 'flashsale_log_lag_records{partition="3"} 120');
  metrics.assigned([4]);
  const text = await metrics.text();
  t.notMatch(text, 'partition="3"');
  t.match(text, 'flashsale_log_lag_records{partition="4"} 0');
});

t.test('a gauge is read at each scrape', async (t) => {
  const metrics = createMetrics('provider');
  let up = true;
  metrics.watchUp({ redis: () => up });
  metrics.watchPool({ numUsed: () => 2, numFree: () => 1, numPendingAcquires: () => 7 });
  metrics.breaker(true);
  const text = await metrics.text();
  t.match(text, 'flashsale_dependency_up{dependency="redis"} 1');
  t.match(text, 'flashsale_pool_connections{state="pending"} 7');
  t.match(text, 'flashsale_breaker_open 1');
  t.match(text, 'flashsale_breaker_openings_total 1');
  up = false;
  t.match(await metrics.text(), 'flashsale_dependency_up{dependency="redis"} 0');
});

t.test('readiness reports each dependency, and depends on the needed ones', async (t) => {
  const [port = 0] = await findFreePorts(1);
  let mysql: () => boolean | Promise<boolean> = () => true;
  const server = await startMetricsServer({
    port,
    host: '127.0.0.1',
    metrics: createMetrics('provider'),
    needed: { mysql: () => mysql() },
    shown: { redis: () => false },
  });
  t.teardown(() => server.close());
  const get = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return { status: response.status, type: response.headers.get('content-type'), body: await response.text() };
  };
  t.match(await get('/readyz'), { status: 200, body: '{"ok":true,"checks":{"mysql":true},"others":{"redis":false}}' });
  mysql = () => Promise.reject(new Error('gone'));
  t.match(await get('/readyz?now'), { status: 503, body: /"checks":{"mysql":false}/ });
  mysql = () => new Promise(() => undefined);
  t.match(await get('/readyz'), { status: 503 }, 'a check without an answer is not ready');
  t.match(await get('/livez'), { status: 200 });
  const metrics = await get('/metrics');
  t.match(metrics, { status: 200, type: /^text\/plain; version=0\.0\.4/ });
  t.match(metrics.body, 'flashsale_breaker_open 0');
  t.match(await get('/else'), { status: 404 });
});

t.test('only names of counters end with _total', async (t) => {
  for (const [name, { type, of }] of Object.entries(metricTable)) {
    t.equal(name.endsWith('_total'), type === 'counter', name);
    t.ok(of.length > 0);
  }
});
