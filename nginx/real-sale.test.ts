import t from 'tap';
import { waitUntil } from '../ci/command/wait-until.ts';
import { findFreePorts } from '../ci/local/ports/find-free-ports.ts';
import { bearer } from '../ci/testing/clients/create-token.ts';
import { listenToEvents } from '../ci/testing/clients/listen-to-events.ts';
import { createTestStock } from '../ci/testing/orders/create-test-stock.ts';
import { waitForLog } from '../ci/testing/orders/wait-for-log.ts';
import { createTestServers } from '../ci/testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider, startTestWorker } from '../ci/testing/servers/start-test-system.ts';
import { startTestNginx } from '../ci/testing/servers/test-nginx.ts';
import { traceIdOf } from '../proto/traces/trace-id-of.ts';

t.test('a sale through nginx, with the real consumers behind it', async (t) => {
  const servers = await createTestServers(t);
  const [consumerMetrics = 0, providerMetrics = 0, workerMetrics = 0] = await findFreePorts(3);
  const provider = await startTestProvider(t, servers, { METRICS_PORT: String(providerMetrics) });
  await startTestWorker(t, servers, { METRICS_PORT: String(workerMetrics) });
  const direct = await startTestConsumer(t, servers, [provider], { METRICS_PORT: String(consumerMetrics) });
  const other = await startTestConsumer(t, servers, [provider]);
  await waitForLog(t, servers, provider);
  const port = await startTestNginx(t, [new URL(direct).host, new URL(other).host]);
  const url = `http://127.0.0.1:${port}/api/v1`;
  const sid = await createTestStock(servers.mysql, { count: 2 });
  const buy = async (buyer: string, headers: Record<string, string> = {}) => {
    const init = { method: 'POST', headers: { ...bearer(buyer), ...headers } };
    const response = await fetch(`${url}/stocks/${sid}/orders`, init);
    return { status: response.status, headers: response.headers, body: await response.text() };
  };

  const listener = await listenToEvents(t, `${url}/stocks/${sid}/events`);
  await listener.find('the stock', ({ data }) => data.left === 2);
  const ann = await buy('ann', { 'idempotency-key': '"a"' });
  t.equal(ann.status, 201);
  t.ok(ann.headers.get('ratelimit'));
  t.ok(ann.headers.get('x-request-id'));
  t.match(ann.headers.get('traceresponse'), `00-${traceIdOf(JSON.parse(ann.body).orderNo)}-`);
  t.equal((await buy('bob')).status, 201);
  await listener.find('sold out', ({ data }) => data.state === 'sold_out');

  let cached = await buy('late-buyer-0');
  await waitUntil(
    'an answer from the cache',
    async () => {
      cached = await buy(`late-buyer-${Math.random()}`, { 'x-request-id': 'mine' });
      if (cached.headers.get('x-cache-status') !== 'HIT') throw new Error(`${cached.status}`);
    },
    { limitMs: 10_000 },
  );
  t.equal(cached.status, 410);
  t.equal(cached.headers.get('x-request-id'), 'mine');
  t.equal(cached.headers.get('ratelimit'), null);
  t.equal(cached.headers.get('traceresponse'), null, 'a cached answer belongs to no order');
  t.same(Object.keys(JSON.parse(cached.body)).sort(), ['code', 'detail', 'status', 'title', 'type']);
  const again = await buy('ann', { 'idempotency-key': '"a"', 'idempotency-attempt': '2' });
  t.equal(again.status, 201, 'a repeat asks the consumer');
  t.match(JSON.parse(again.body), { orderNo: JSON.parse(ann.body).orderNo });

  // Returns the unit of ann, as a cancellation does.
  await servers.database.session(async (session) => {
    await session.change('UPDATE stock SET version = version + 1, sale = sale - 1 WHERE id = ?', [sid]);
    await session.change("UPDATE stock_order SET state = 'cancelled' WHERE sid = ? AND buyer = 'ann'", [sid]);
  });
  const fromMs = performance.now();
  await waitUntil(
    'the unit to be sold again',
    async () => {
      const { status } = await buy('cat');
      if (status !== 201) throw new Error(`${status}`);
    },
    { limitMs: 8000 },
  );
  t.ok(performance.now() - fromMs < 3000, `${performance.now() - fromMs} ms`);

  const metricsOf = async (metricsPort: number) => (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  const consumer = await metricsOf(consumerMetrics);
  t.match(
    consumer,
    'http_server_request_duration_seconds_count{http_request_method="POST",http_route="/api/v1/stocks/:sid/orders",http_response_status_code="410"}',
  );
  t.match(consumer, 'flashsale_dependency_up{dependency="provider"} 1');
  t.match(consumer, /flashsale_event_listeners\{kind="stock"\} [01]\n/);
  t.match(consumer, 'flashsale_orders_waiting 0');
  const provided = await metricsOf(providerMetrics);
  t.match(provided, /rpc_server_duration_seconds_count\{rpc_method="PlaceOrders",rpc_grpc_status_code="0"\} [1-9]/);
  t.match(provided, /flashsale_batch_items_count\{batch="place_orders"\} [1-9]/);
  t.match(provided, /flashsale_pool_connections\{state="used"\} \d/);
  t.match(provided, 'flashsale_dependency_up{dependency="kafka"} 1');
  const worked = await metricsOf(workerMetrics);
  // Three, or four with the order that checked that the log is up.
  t.match(worked, /flashsale_decisions_total\{decision="CONFIRMED",decided_by="log"\} [34]\n/);
  t.match(worked, /flashsale_decisions_known_total\{decided_by="log"\} \d/);
  t.match(worked, /flashsale_click_to_decision_seconds_count\{decided_by="log"\} \d+/);
  t.match(worked, /flashsale_log_lag_records\{partition="\d"\} 0/);
  for (const metricsPort of [consumerMetrics, providerMetrics, workerMetrics]) {
    const ready = await fetch(`http://127.0.0.1:${metricsPort}/readyz`);
    t.match(
      { status: ready.status, body: await ready.json() },
      { status: 200, body: { ok: true, others: { redis: true } } },
    );
  }
});
