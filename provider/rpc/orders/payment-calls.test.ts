import { randomUUID } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import t from 'tap';
import { waitUntil } from '../../../ci/command/wait-until.ts';
import { connectTestClient, violatedFields } from '../../../ci/testing/clients/connect-test-client.ts';
import { auditStock } from '../../../ci/testing/orders/audit-stock.ts';
import { createTestStock } from '../../../ci/testing/orders/create-test-stock.ts';
import { sellUnits } from '../../../ci/testing/orders/sell-units.ts';
import { createTestServers } from '../../../ci/testing/servers/create-test-servers.ts';
import { startTestProvider } from '../../../ci/testing/servers/start-test-system.ts';
import { createTestRedisClient } from '../../../ci/testing/servers/test-redis.ts';
import { StockUnitsType } from '../../../proto/messages/load-protos.ts';

const servers = await createTestServers(t);
const { mysql } = servers;
const client = connectTestClient(t, await startTestProvider(t, servers));

async function sold(buyer = 'ann', count = 1) {
  const sid = await createTestStock(mysql, { count, priceCents: 1999, currency: 'EUR' });
  const [orderNo = ''] = await sellUnits(mysql, sid, [buyer]);
  return { sid, orderNo };
}

t.test('a payment is started, recorded and refunded over gRPC', async (t) => {
  const { sid, orderNo } = await sold();
  const started = await client.startPayment({ orderNo, buyer: 'ann' });
  t.match(started, { outcome: 'STARTED', amountCents: 1999, currency: 'EUR', order: null });
  const { paymentId } = started;
  t.equal((await client.startPayment({ orderNo, buyer: 'ann' })).paymentId, paymentId);
  const event = { eventId: randomUUID(), paymentId, orderNo, amountCents: 1999, currency: 'EUR' };
  t.match(await client.recordPayment(event), { outcome: 'PAID', repeatedEvent: false });
  t.match(await client.recordPayment(event), { outcome: 'PAID', repeatedEvent: true });
  t.match(await client.startPayment({ orderNo, buyer: 'ann' }), { outcome: 'NOT_PAYABLE', order: { state: 'paid' } });
  t.match(await client.cancelOrder({ orderNo, buyer: 'ann' }), { outcome: 'WRONG_STATE', order: { state: 'paid' } });
  const refunded = await client.refundOrder({ orderNo, reason: ' broken ' });
  t.match(refunded, { outcome: 'CHANGED', order: { state: 'refunded' } });
  t.ok((refunded.order?.paidAtMs ?? 0) > 0 && (refunded.order?.endedAtMs ?? 0) > 0);
  t.match(await client.refundOrder({ orderNo, reason: 'again' }), { outcome: 'UNCHANGED' });
  t.match(await auditStock(mysql, sid), { sale: 0, live: 0 });
});

t.test('an item that fails does not fail the others of its call', async (t) => {
  const [ann, bob] = [await sold('ann'), await sold('bob')];
  const { results: starts } = await client.startPayments({
    items: [
      { orderNo: ann.orderNo, buyer: 'ann' },
      { orderNo: 'not a number', buyer: 'ann' },
      { orderNo: bob.orderNo, buyer: 'ann' },
      { orderNo: bob.orderNo, buyer: 'bob' },
      { orderNo: bob.orderNo, buyer: 'bob' },
    ],
  });
  t.match(starts, [
    { reply: { outcome: 'STARTED', amountCents: 1999, currency: 'EUR' }, fault: null },
    { reply: null, fault: { code: status.INVALID_ARGUMENT, details: 'order_no: must be an order number' } },
    { reply: { outcome: 'NO_ORDER' } },
    { reply: { outcome: 'STARTED' } },
    { reply: { paymentId: starts[3]?.reply?.paymentId } },
  ]);
  const paymentId = starts[0]?.reply?.paymentId ?? '';
  const event = { eventId: randomUUID(), paymentId, orderNo: ann.orderNo, amountCents: 1999, currency: 'EUR' };
  const { results } = await client.recordPayments({ items: [event, { ...event, currency: 'euro' }, event] });
  t.match(results, [
    { reply: { outcome: 'PAID', repeatedEvent: false } },
    { reply: null, fault: { code: status.INVALID_ARGUMENT } },
    { reply: { outcome: 'PAID', repeatedEvent: true } },
  ]);
});

t.test('payments that wait for the database take no connection of the sale', async (t) => {
  const pools = { MYSQL_POOL: '1', MYSQL_PAYMENT_POOL: '3' };
  const narrow = connectTestClient(t, await startTestProvider(t, servers, pools));
  const ladderSid = await createTestStock(mysql, { count: 20, kind: 'ladder' });
  const { orderNo } = await sold();
  const start = { orderNo, buyer: 'ann' };
  const blocker = await mysql.client.acquireConnection();
  const run = (sql: string) => new Promise((resolve) => blocker.query(sql, resolve));
  await run('LOCK TABLES payment WRITE');
  const waiting = [
    ...Array.from({ length: 10 }, () => narrow.startPayments({ items: Array(100).fill(start) })),
    ...Array.from({ length: 10 }, () => narrow.findPayments({ orderNos: [orderNo] })),
  ];
  const settled = Promise.allSettled(waiting);
  for (let i = 0; i < 20; i += 1) {
    t.equal((await narrow.createPessimisticOrder({ sid: ladderSid })).outcome, 'CREATED');
  }
  await run('UNLOCK TABLES');
  await mysql.client.releaseConnection(blocker);
  await settled;
  t.match(await narrow.startPayment(start), { outcome: 'STARTED' }, 'and they recover');
});

t.test('payments need no connection of the sale', async (t) => {
  const pools = { MYSQL_POOL: '1', MYSQL_PAYMENT_POOL: '3', MYSQL_STATEMENT_MS: '4000' };
  const narrow = connectTestClient(t, await startTestProvider(t, servers, pools));
  const ladderSid = await createTestStock(mysql, { count: 1, kind: 'ladder' });
  const { orderNo } = await sold();
  const lock = await mysql.transaction();
  await lock.raw('SELECT id FROM stock WHERE id = ? FOR UPDATE', [ladderSid]);
  let isSold = false;
  const order = narrow.createPessimisticOrder({ sid: ladderSid }).finally(() => {
    isSold = true;
  });
  const started = await narrow.startPayment({ orderNo, buyer: 'ann' });
  const event = { eventId: randomUUID(), paymentId: started.paymentId, orderNo, amountCents: 1999, currency: 'EUR' };
  t.match(await narrow.recordPayment(event), { outcome: 'PAID' });
  t.match(await narrow.findPayments({ paymentIds: [started.paymentId] }), { orders: [{ orderNo, buyer: 'ann' }] });
  t.notOk(isSold, 'the only connection of the sale was taken');
  await lock.commit();
  t.match(await order, { outcome: 'CREATED' });
});

t.test('unknown orders and payments are outcomes, not errors', async (t) => {
  const { orderNo } = await sold();
  t.match(await client.startPayment({ orderNo, buyer: 'bob' }), { outcome: 'NO_ORDER', order: null });
  t.match(await client.cancelOrder({ orderNo, buyer: 'bob' }), { outcome: 'ORDER_NOT_FOUND', order: null });
  t.match(await client.refundOrder({ orderNo: '1-none', reason: 'x' }), { outcome: 'ORDER_NOT_FOUND' });
  const event = { eventId: randomUUID(), paymentId: 'pay_none', orderNo, amountCents: 1, currency: 'EUR' };
  t.match(await client.recordPayment(event), { outcome: 'WRONG_AMOUNT' }, 'the payment is recorded and refunded');
  const unknown = { ...event, eventId: randomUUID(), orderNo: '1-none' };
  t.match(await client.recordPayment(unknown), { outcome: 'KEPT', repeatedEvent: false });
});

t.test('a returned unit is published at once and read again', async (t) => {
  const { sid, orderNo } = await sold();
  const redis = await createTestRedisClient(t, servers.redisUrl);
  const subscriber = await createTestRedisClient(t, servers.redisUrl);
  const received: unknown[] = [];
  await subscriber.subscribe(
    subscriber.names.stockUnitsChannel,
    (bytes) => received.push(StockUnitsType.deserialize(bytes)),
    true,
  );
  // A read is answered before it is in the cache.
  await waitUntil(
    'a read to be in the cache',
    async () => {
      t.match(await client.getStock({ sid }), { sale: 1 });
      if (!(await redis.exists(redis.names.stock(sid)))) throw new Error('not yet');
    },
    { limitMs: 5000 },
  );
  const cancelledMs = performance.now();
  t.match(await client.cancelOrder({ orderNo, buyer: 'ann' }), { outcome: 'CHANGED', order: { state: 'cancelled' } });
  await waitUntil(
    'the consumers to be notified',
    () => {
      if (!received.some((units) => (units as { sid: number }).sid === sid)) throw new Error('not yet');
    },
    { limitMs: 5000 },
  );
  t.match(
    received.find((units) => (units as { sid: number }).sid === sid),
    { sid, sale: 0, count: 1 },
  );
  await waitUntil(
    'the unit to be on sale',
    async () => {
      if ((await client.getStock({ sid })).sale !== 0) throw new Error('not yet');
    },
    { limitMs: 5000 },
  );
  t.ok(performance.now() - cancelledMs < 1200, 'within a second');
});

for (const [what, call, field] of [
  ['order number', () => client.startPayment({ orderNo: 'no number!', buyer: 'ann' }), 'order_no'],
  ['buyer', () => client.cancelOrder({ orderNo: '1-a', buyer: 'with blank' }), 'buyer'],
  ['empty reason', () => client.refundOrder({ orderNo: '1-a', reason: '  ' }), 'reason'],
  ['long reason', () => client.refundOrder({ orderNo: '1-a', reason: 'x'.repeat(201) }), 'reason'],
  ['event id', () => record({ eventId: 'ä' }), 'event_id'],
  ['payment id', () => record({ paymentId: '' }), 'payment_id'],
  ['amount', () => record({ amountCents: -1 }), 'amount_cents'],
  ['currency', () => record({ currency: 'euro' }), 'currency'],
] as const) {
  t.test(`an invalid ${what} is named and changes nothing`, async (t) => {
    const error = await call().then(
      () => t.fail('it was taken'),
      (refused: unknown) => refused,
    );
    t.equal((error as { code: number }).code, 3);
    t.same(violatedFields(error as Parameters<typeof violatedFields>[0]), [field]);
  });
}

function record(more: Partial<Parameters<typeof client.recordPayment>[0]>) {
  return client.recordPayment({
    eventId: 'e',
    paymentId: 'p',
    orderNo: '1-a',
    amountCents: 1,
    currency: 'EUR',
    ...more,
  });
}
