import t from 'tap';
import { signWebhook } from '../../../proto/messages/sign-webhook.ts';
import { traceOf } from '../../../proto/traces/trace-id-of.ts';
import { waitUntil } from '../../command/wait-until.ts';
import { callApi } from '../../testing/clients/call-api.ts';
import { startTestGateway } from '../../testing/gateways/start-test-gateway.ts';
import { createTestStock } from '../../testing/orders/create-test-stock.ts';
import { createTestServers } from '../../testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider } from '../../testing/servers/start-test-system.ts';
import { buy, endpointOf, startTracedSystem } from '../../testing/traces/start-traced-system.ts';
import { createEndpoint } from '../../testing/webhooks/create-endpoint.ts';
import { startReceiver } from '../../testing/webhooks/start-receiver.ts';
import { DECIDED_TREE } from './decided-tree.ts';
import { type ReceivedSpan, startTraceReceiver, type TraceReceiver } from './start-trace-receiver.ts';
import { treeOf } from './tree-of.ts';

/** Those of the payment page. */
const PAYMENT = [
  '  consumer: POST /api/v1/orders/:orderNo/payments',
  '  provider: start_payment',
  '  consumer: open session',
  '  provider: keep_session',
];

const openPayment = (url: string, orderNo: string, buyer: string) =>
  callApi(url, `/api/v1/orders/${orderNo}/payments`, { method: 'POST', as: buyer });

/** Waits until the order's trace has these lines besides those of its decision, and no others. */
async function expectLater({ spans }: TraceReceiver, orderNo: string, later: string[]): Promise<ReceivedSpan[]> {
  const { traceId, spanId } = traceOf(orderNo);
  const ofOrder = () => spans.filter((span) => span.traceId === traceId);
  const expected = [...DECIDED_TREE, ...later].sort();
  await waitUntil(
    'all spans of the order',
    () => {
      const root = ofOrder().find((span) => span.spanId === spanId);
      const lines = root ? treeOf(ofOrder(), root) : [];
      if (lines.sort().join('\n') !== expected.join('\n')) throw new Error(lines.join('\n'));
    },
    { limitMs: 30_000 },
  );
  return ofOrder();
}

async function sell(url: string, sid: number, buyer: string): Promise<string> {
  const { status, text, body } = await buy(url, sid, buyer);
  t.equal(status, 201, text);
  return String(body.orderNo);
}

t.test('payment, refund, expiry, cancellation and webhooks are in the trace of their order', async (t) => {
  const servers = await createTestServers(t);
  const receiver = await startTraceReceiver();
  t.teardown(receiver.close);
  let url = '';
  const gateway = await startTestGateway('http', () => url);
  t.teardown(gateway.close);
  url = await startTracedSystem(t, servers, {
    ...endpointOf(receiver.port),
    ...gateway.settings,
    WEBHOOK_ADDRESSES: 'any',
  });
  const shop = await startReceiver(t);
  await createEndpoint(servers.database, shop.url);
  const sid = await createTestStock(servers.mysql, { count: 5, priceCents: 100 });

  await t.test('a paid order that is refunded', async (t) => {
    const orderNo = await sell(url, sid, 'ann');
    const payment = await openPayment(url, orderNo, 'ann');
    gateway.pay(String(payment.body.redirectUrl));
    t.same(await gateway.events.deliverAll(), [200]);
    const paid = [
      ...PAYMENT,
      '  consumer: POST /api/v1/payments/webhook',
      '  provider: settle_payment',
      '  order-worker: deliver webhook',
      '  order-worker: deliver webhook',
    ];
    await expectLater(receiver, orderNo, paid);
    const refunds = `/api/v1/admin/orders/${orderNo}/refunds`;
    t.match(await callApi(url, refunds, { as: 'admin', body: { reason: 'broken' } }), { status: 201 });
    const spans = await expectLater(receiver, orderNo, [
      ...paid,
      '  consumer: POST /api/v1/admin/orders/:orderNo/refunds',
      '  provider: refund_order',
      '  order-worker: refund payment',
      '    order-worker: call gateway',
      '  order-worker: deliver webhook',
    ]);
    const attributesOf = (name: string) => spans.filter((span) => span.name === name).map((span) => span.attributes);
    t.match(attributesOf('POST /api/v1/orders/:orderNo/payments'), [{ 'http.response.status_code': 201 }]);
    t.match(attributesOf('settle_payment'), [{ 'flashsale.outcome': 'PAID' }]);
    t.match(attributesOf('refund payment'), [{ 'flashsale.outcome': 'refunded', 'flashsale.try': 1 }]);
    const delivered = attributesOf('deliver webhook');
    const common = { 'flashsale.outcome': 'delivered', 'http.response.status_code': 204 };
    const events = ['order.confirmed', 'order.paid', 'order.refunded'];
    t.match(
      delivered.toSorted((a, b) => String(a['flashsale.event']).localeCompare(String(b['flashsale.event']))),
      events.map((event) => ({ ...common, 'flashsale.event': event })),
    );
  });

  await t.test('an order that expires, with other orders', async (t) => {
    const orderNos = [await sell(url, sid, 'bob'), await sell(url, sid, 'kim')];
    await servers.mysql.raw(`UPDATE stock_order SET pay_by = NOW(3) WHERE order_no IN (?)`, [orderNos]);
    for (const orderNo of orderNos) {
      const spans = await expectLater(receiver, orderNo, [
        '  order-worker: expire',
        '  order-worker: deliver webhook',
        '  order-worker: deliver webhook',
      ]);
      const [link] = spans.find(({ name }) => name === 'expire')?.links ?? [];
      const batch = receiver.spans.find(({ spanId }) => spanId === link?.spanId);
      t.match(batch, { name: 'expire', attributes: { 'flashsale.orders': 2 } });
    }
  });

  await t.test('an event of the sandbox gateway', async (t) => {
    const orderNo = await sell(url, sid, 'joe');
    const data = { paymentId: 'pay_01JGZ5Q3C8W4T2M6N7P9R0S1V3', orderNo, amountCents: 100, currency: 'CNY' };
    const body = JSON.stringify({ type: 'payment.succeeded', data });
    const { WEBHOOK_SECRET = '' } = gateway.settings as Record<string, string>;
    const headers = { 'content-type': 'application/json', ...signWebhook(WEBHOOK_SECRET, 'event-s', body) };
    const answer = await callApi(url, '/api/v1/payments/webhook', { method: 'POST', headers, body });
    t.match(answer, { status: 200, body: { outcome: 'PAID' } });
    await expectLater(receiver, orderNo, [
      '  consumer: POST /api/v1/payments/webhook',
      '  provider: record_payment',
      '  order-worker: deliver webhook',
      '  order-worker: deliver webhook',
    ]);
  });

  await t.test('an order that is cancelled, and whose session at the gateway is ended', async () => {
    const orderNo = await sell(url, sid, 'lea');
    await openPayment(url, orderNo, 'lea');
    await callApi(url, `/api/v1/orders/${orderNo}/cancel`, { method: 'POST', as: 'lea' });
    await expectLater(receiver, orderNo, [
      ...PAYMENT,
      '  order-worker: check session',
      '    order-worker: call gateway',
      '  consumer: POST /api/v1/orders/:orderNo/cancel',
      '  provider: cancel_order',
      '  order-worker: deliver webhook',
      '  order-worker: deliver webhook',
    ]);
  });
});

t.test('an order that the log does not acknowledge has its direct decision in its trace', async (t) => {
  const servers = await createTestServers(t);
  const receiver = await startTraceReceiver();
  t.teardown(receiver.close);
  const settings = endpointOf(receiver.port);
  const provider = await startTestProvider(t, servers, { ...settings, KAFKA_BROKERS: '127.0.0.1:1' });
  const url = await startTestConsumer(t, servers, [provider], settings);
  const orderNo = await sell(url, await createTestStock(servers.mysql, { count: 5 }), 'ann');
  const { traceId, spanId } = traceOf(orderNo);
  const ofOrder = () => receiver.spans.filter((span) => span.traceId === traceId);
  await waitUntil(
    'all spans of the order',
    () => {
      if (ofOrder().length < 5) throw new Error(`${ofOrder().length} spans`);
    },
    { limitMs: 30_000 },
  );
  t.same(treeOf(ofOrder(), ofOrder().find((span) => span.spanId === spanId) as ReceivedSpan), [
    'consumer: order',
    '  consumer: call provider',
    '  provider: decide directly',
    '  provider: place_orders',
    '    provider: append',
  ]);
});
