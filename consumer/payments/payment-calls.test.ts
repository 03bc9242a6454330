import { Server, type ServiceDefinition, status } from '@grpc/grpc-js';
import t, { type Test } from 'tap';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { sellUnits } from '../../ci/testing/orders/sell-units.ts';
import { createTestServers } from '../../ci/testing/servers/create-test-servers.ts';
import { startTestProvider } from '../../ci/testing/servers/start-test-system.ts';
import { OrderService } from '../../proto/messages/load-protos.ts';
import { bindServer } from '../../proto/process/bind-server.ts';
import { realClock } from '../../proto/process/clock.ts';
import { connectProviders, type Providers } from '../providers/connect-providers.ts';
import { createPaymentCalls } from './payment-calls.ts';

const servers = await createTestServers(t);
const { mysql } = servers;
const BUYERS = Array.from({ length: 250 }, (_, i) => `payer-${i}`);
const DEADLINE_MS = 8000;

/** The calls of a consumer, and which rpcs they became with how many items. */
function connectPaymentCalls(t: Test, port: number, deadlineMs = DEADLINE_MS) {
  const providers = connectProviders(`127.0.0.1:${port}`, deadlineMs);
  t.teardown(() => providers.close());
  const sent: [name: string, items: number][] = [];
  const names = ['startPayment', 'startPayments', 'recordPayment', 'recordPayments'] as const;
  const counted = Object.fromEntries(
    names.map((name) => [
      name,
      (request: { items?: unknown[] }) => {
        sent.push([name, request.items?.length ?? 1]);
        return (providers[name] as (request: unknown) => Promise<unknown>)(request);
      },
    ]),
  );
  return {
    calls: createPaymentCalls({ clock: realClock, providers: counted as unknown as Providers, deadlineMs }),
    sent,
  };
}

async function sellToAll(): Promise<{ orderNo: string; buyer: string }[]> {
  const sid = await createTestStock(mysql, { count: BUYERS.length, priceCents: 1999, currency: 'EUR' });
  const orderNos = await sellUnits(mysql, sid, BUYERS);
  return BUYERS.map((buyer, i) => ({ buyer, orderNo: orderNos[i] ?? '' }));
}

t.test('payments that come together share calls, and each gets its own answer', async (t) => {
  const { calls, sent } = connectPaymentCalls(t, await startTestProvider(t, servers));
  const orders = await sellToAll();
  const started = await Promise.all(orders.map((order) => calls.startPayment(order)));
  t.same(sent, [
    ['startPayments', 100],
    ['startPayments', 100],
    ['startPayments', 50],
  ]);
  t.equal(new Set(started.map(({ paymentId }) => paymentId)).size, BUYERS.length);

  sent.length = 0;
  const events = started.map(({ paymentId, amountCents, currency }, i) => {
    return { eventId: `e-${paymentId}`, paymentId, orderNo: orders[i]?.orderNo ?? '', amountCents, currency };
  });
  const invalid = { ...events[0], currency: 'euro' };
  const results = await Promise.allSettled([invalid, ...events].map((event) => calls.recordPayment(event)));
  t.match(results[0], { status: 'rejected', reason: { code: status.INVALID_ARGUMENT, details: /^currency: / } });
  t.ok(results.slice(1).every((result) => result.status === 'fulfilled' && result.value.outcome === 'PAID'));
  t.equal(sent.length, 3);
});

t.test('a provider of an earlier release gets a call for each payment', async (t) => {
  const { StartPayment, RecordPayment } = OrderService.service;
  let before = 0;
  const server = new Server();
  server.addService({ StartPayment, RecordPayment } as unknown as ServiceDefinition, {
    StartPayment: (call: { request: { orderNo: string } }, callback: (error: null, reply: object) => void) => {
      before += 1;
      callback(null, { outcome: 'STARTED', paymentId: `p-${call.request.orderNo}` });
    },
  });
  const port = await bindServer(server, '127.0.0.1:0');
  t.teardown(() => server.forceShutdown());
  const { calls, sent } = connectPaymentCalls(t, port);
  const start = () =>
    Promise.all(['1-a', '1-b', '1-c'].map((orderNo) => calls.startPayment({ orderNo, buyer: 'ann' })));
  t.match(await start(), [{ paymentId: 'p-1-a' }, { paymentId: 'p-1-b' }, { paymentId: 'p-1-c' }]);
  t.match(await start(), [{ paymentId: 'p-1-a' }, { paymentId: 'p-1-b' }, { paymentId: 'p-1-c' }]);
  t.equal(before, 6);
  t.equal(sent.filter(([name]) => name === 'startPayments').length, 1, 'it is not asked each time');
});

t.test('a payment waits no longer than the deadline', async (t) => {
  const server = new Server();
  const never = () => undefined;
  server.addService(
    OrderService.service,
    Object.fromEntries(Object.keys(OrderService.service).map((name) => [name, never])) as never,
  );
  const port = await bindServer(server, '127.0.0.1:0');
  t.teardown(() => server.forceShutdown());
  const { calls } = connectPaymentCalls(t, port, 300);
  const startedMs = performance.now();
  const waits = Array.from({ length: 3 }, () => calls.startPayment({ orderNo: '1-a', buyer: 'ann' }));
  const results = await Promise.allSettled(waits);
  t.ok(results.every(({ status }) => status === 'rejected'));
  t.ok(performance.now() - startedMs < 2000);
});
