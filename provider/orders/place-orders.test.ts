import { type ServiceError, status } from '@grpc/grpc-js';
import t, { type Test } from 'tap';
import { waitUntil } from '../../ci/command/wait-until.ts';
import { connectTestClient, violatedFields } from '../../ci/testing/clients/connect-test-client.ts';
import { auditStock } from '../../ci/testing/orders/audit-stock.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { encodeTestRecord, testVerification } from '../../ci/testing/orders/encode-test-record.ts';
import { readTopic } from '../../ci/testing/orders/read-topic.ts';
import { waitForLog } from '../../ci/testing/orders/wait-for-log.ts';
import { createTestServers } from '../../ci/testing/servers/create-test-servers.ts';
import { startTestProvider, startTestWorker } from '../../ci/testing/servers/start-test-system.ts';
import { startAppender, startLagReader } from '../../proto/kafka/kafka.ts';
import { partitionOf } from '../../proto/kafka/partition-of.ts';
import { mintOrderNumber } from '../../proto/messages/order-number.ts';
import { decodeOrderRecord, type LoggedOrder } from '../../proto/messages/order-record.ts';

const servers = await createTestServers(t);
const { mysql, topics } = servers;
const port = await startTestProvider(t, servers);
await waitForLog(t, servers, port);
const client = connectTestClient(t, port);
const quick = { MYSQL_STATEMENT_MS: '300', DIRECT_DEADLINE_MS: '300' };
const cutOffPort = await startTestProvider(t, servers, { KAFKA_BROKERS: '127.0.0.1:1', ...quick });
const cutOff = connectTestClient(t, cutOffPort);
const log = await startLagReader(topics.target, topics.names.orders, topics.names.workerGroup);
t.teardown(() => log.close());

function order(sid: number, buyer: string, more: { repeat?: boolean; orderNo?: string } = {}) {
  return {
    orderNo: mintOrderNumber('key', sid, buyer),
    sid,
    buyer,
    mintedAtMs: 1_700_000_000_000,
    repeat: false,
    ...more,
  };
}

async function logEnd(): Promise<bigint> {
  return [...(await log.read()).values()].reduce((sum, { end }) => sum + end, 0n);
}

/** The placement of one order. A refused order must not reach the log. */
async function placement(sid: number, buyer = 'ann', repeat = false) {
  const before = await logEnd();
  const { orders } = await client.placeOrders({ orders: [order(sid, buyer, { repeat })], replyTo: '' });
  if (orders[0]?.placement.startsWith('REFUSED') && (await logEnd()) !== before)
    throw new Error('refused and appended');
  return orders[0];
}

const single = connectTestClient(t, await startTestProvider(t, servers, { RECORD_VERSION: '2' }));
for (const [version, caller, records] of [
  [3, client, 1],
  [2, single, 3],
] as const) {
  t.test(
    `orders are appended in their sequence to the partition of their stock, in records of version ${version}`,
    async (t) => {
      const reader = await readTopic(t, topics, topics.names.orders);
      const sid = await createTestStock(mysql);
      const orders = ['ann', 'bob', 'kim'].map((buyer) => order(sid, buyer));
      const reply = await caller.placeOrders({ orders, replyTo: 'consumer-7' });
      t.same(
        reply.orders.map(({ orderNo, placement }) => [orderNo, placement]),
        orders.map(({ orderNo }) => [orderNo, 'APPENDED']),
      );
      const decode = (value: Buffer | null) => {
        const decoded = decodeOrderRecord(value, testVerification);
        return decoded.kind === 'orders' ? (decoded.orders as LoggedOrder[]) : [];
      };
      const mine = async () => (await reader.waitFor(0)).filter(({ value }) => decode(value)[0]?.sid === sid);
      await waitUntil(
        'the records',
        async () => {
          if ((await mine()).length < records) throw new Error('not there');
        },
        { limitMs: 20_000 },
      );
      const found = await mine();
      t.equal(found.length, records);
      for (const { partition } of found) t.equal(partition, partitionOf(sid));
      t.same(
        found.flatMap(({ value }) => decode(value)),
        orders.map(({ repeat: _, ...rest }, i) => {
          const stampMs = reply.orders[i]?.stampMs;
          return { ...rest, replyTo: 'consumer-7', takesNoUnit: false, metClosed: false, maxPriceCents: null, stampMs };
        }),
      );
      for (const { stampMs } of reply.orders) {
        const [[{ now }]] = await mysql.raw('SELECT NOW(3) AS now');
        t.ok(stampMs > 0 && stampMs <= now.getTime(), 'a lower bound of the database’s time');
      }
      t.equal((await auditStock(mysql, sid)).version, 0, 'they are pending');
    },
  );
}

t.test('an order that cannot be sold is refused before the log', async (t) => {
  const now = Date.now();
  const opensAtMs = now + 3_600_000;
  t.match(await placement(await createTestStock(mysql, { opensAtMs })), { placement: 'REFUSED_NOT_OPEN', opensAtMs });
  t.match(await placement(await createTestStock(mysql, { closesAtMs: now - 1000 })), { placement: 'REFUSED_CLOSED' });
  t.match(await placement(await createTestStock(mysql, { paused: true })), { placement: 'REFUSED_PAUSED' });
  t.match(await placement(4040), { placement: 'REFUSED_NO_SUCH_STOCK' });
  t.match(await placement(await createTestStock(mysql, { opensAtMs: now - 1000, closesAtMs: opensAtMs })), {
    placement: 'APPENDED',
  });
});

t.test('a sold-out stock refuses a new order, but not a repeat', async (t) => {
  const sid = await createTestStock(mysql, { count: 0 });
  t.match(await placement(sid), { placement: 'REFUSED_SOLD_OUT' });
  t.match(await placement(sid, 'ann', true), { placement: 'APPENDED' });
});

t.test('a repeat is refused when the sale is not open', async (t) => {
  const closesAtMs = Date.now() - 1000;
  t.match(await placement(await createTestStock(mysql, { paused: true }), 'ann', true), {
    placement: 'REFUSED_PAUSED',
  });
  t.match(await placement(await createTestStock(mysql, { closesAtMs }), 'ann', true), { placement: 'REFUSED_CLOSED' });
});

t.test('a promised order is appended outside the sale window too, with its first stamp', async (t) => {
  const closed = await createTestStock(mysql, { closesAtMs: Date.now() - 1000 });
  const upcoming = await createTestStock(mysql, { opensAtMs: Date.now() + 3_600_000 });
  const paused = await createTestStock(mysql, { paused: true });
  const stampMs = Date.now() - 60_000;
  const again = { repeat: true, promised: true, stampMs };
  const orders = [closed, upcoming, paused].map((sid) => ({ ...order(sid, 'ann'), ...again }));
  const reply = await client.placeOrders({ orders, replyTo: '' });
  for (const placed of reply.orders) t.match(placed, { placement: 'APPENDED', stampMs });
});

t.test('a promised order of a closed stock is appended and never decided directly', async (t) => {
  const sid = await createTestStock(mysql, { closesAtMs: Date.now() - 1000 });
  const { orders } = await cutOff.placeOrders({
    orders: [{ ...order(sid, 'ann', { repeat: true }), promised: true }],
    replyTo: '',
  });
  t.match(orders, [{ placement: 'UNAVAILABLE' }]);
  t.match((await auditStock(mysql, sid)).states, {});
});

t.test('an order of a stock that closed longer ago than the log keeps records is invalid', async (t) => {
  const sid = await createTestStock(mysql, { closesAtMs: Date.now() - 8 * 86_400_000 });
  const promised = { ...order(sid, 'ann', { repeat: true }), promised: true };
  t.match((await client.placeOrders({ orders: [promised], replyTo: '' })).orders, [{ placement: 'REFUSED_MISFIT' }]);
});

t.test('an order that takes no unit is not refused as sold out, and is decided as sold out', async (t) => {
  const soldOut = await createTestStock(mysql, { count: 0 });
  const asking = { ...order(soldOut, 'ann'), takesNoUnit: true };
  t.match((await client.placeOrders({ orders: [asking], replyTo: '' })).orders, [{ placement: 'APPENDED' }]);
  const open = await createTestStock(mysql);
  const { orders } = await cutOff.placeOrders({ orders: [{ ...order(open, 'ann'), takesNoUnit: true }], replyTo: '' });
  t.match(orders, [{ placement: 'DECIDED', decided: { decision: 'SOLD_OUT' } }]);
  t.match(await auditStock(mysql, open), { sale: 0, live: 0 });
});

t.test('a price above the limit of the buyer takes no unit', async (t) => {
  const sid = await createTestStock(mysql, { priceCents: 1999 });
  const orders = [1998, 1999].map((maxPriceCents) => ({ ...order(sid, `buyer-${maxPriceCents}`), maxPriceCents }));
  const placed = await cutOff.placeOrders({ orders, replyTo: '' });
  t.match(
    placed.orders.map(({ decided }) => decided?.decision),
    ['PRICE_ABOVE_MAX', 'CONFIRMED'],
  );
  t.match(await auditStock(mysql, sid), { sale: 1, live: 1 });
});

t.test('buyers cannot buy stocks of the ladder, and the ladder cannot sell other stocks', async (t) => {
  const [sale, ladder] = [await createTestStock(mysql), await createTestStock(mysql, { kind: 'ladder' })];
  t.match(await placement(ladder), { placement: 'REFUSED_NO_SUCH_STOCK' });
  const orderNo = mintOrderNumber('key', sale, 'x');
  const { orders } = await client.placeOrders({ orders: [order(sale, orderNo, { orderNo })], replyTo: '' });
  t.match(orders, [{ placement: 'REFUSED_NO_SUCH_STOCK' }]);
});

t.test('each order has its own result, in the order of the request', async (t) => {
  const a = 8001;
  const b = [8002, 8003, 8004, 8005].find((sid) => partitionOf(sid) !== partitionOf(a)) ?? 0;
  await createTestStock(mysql, { sid: a, count: 0 });
  await createTestStock(mysql, { sid: b, count: 5 });
  const orders = [order(a, 'ann'), order(b, 'ann'), order(a, 'bob', { repeat: true }), order(a, 'kim')];
  const reply = await client.placeOrders({ orders, replyTo: '' });
  t.match(reply.orders, [
    { orderNo: orders[0]?.orderNo, placement: 'REFUSED_SOLD_OUT' },
    { orderNo: orders[1]?.orderNo, placement: 'APPENDED' },
    { orderNo: orders[2]?.orderNo, placement: 'APPENDED' },
    { orderNo: orders[3]?.orderNo, placement: 'REFUSED_SOLD_OUT' },
  ]);
});

async function refuses(t: Test, field: string, call: Promise<unknown>): Promise<void> {
  const error = (await call.then(
    () => new Error(`${field} was taken`),
    (error: unknown) => error,
  )) as ServiceError;
  t.equal(error.code, status.INVALID_ARGUMENT, `${field}: ${error.message}`);
  if (error.code === status.INVALID_ARGUMENT) t.same(violatedFields(error), [field]);
}

t.test('an invalid field is named, and the call does nothing', async (t) => {
  const sid = await createTestStock(mysql);
  const good = order(sid, 'ann');
  const place = (orders: object[], replyTo = '') => client.placeOrders({ orders, replyTo });
  const before = await logEnd();
  await refuses(t, 'orders', place([]));
  await refuses(t, 'orders', place(Array(1001).fill(good)));
  await refuses(t, 'orders.sid', place([good, { ...good, sid: 0 }]));
  await refuses(t, 'orders.buyer', place([good, { ...good, buyer: 'two words' }]));
  await refuses(t, 'orders.buyer', place([{ ...good, buyer: '' }]));
  await refuses(t, 'orders.buyer', place([{ ...good, buyer: 'x'.repeat(256) }]));
  await refuses(t, 'orders.order_no', place([{ ...good, orderNo: "1'; DROP" }]));
  await refuses(t, 'orders.minted_at_ms', place([{ ...good, mintedAtMs: -1 }]));
  await refuses(t, 'orders.max_price_cents', place([{ ...good, maxPriceCents: -1 }]));
  await refuses(t, 'orders.stamp_ms', place([{ ...good, stampMs: -1 }]));
  await refuses(t, 'orders.stamp_ms', place([good, { ...good, stampMs: 253_402_300_800_000 }]));
  await refuses(t, 'reply_to', place([good], 'a name'));
  await refuses(t, 'order_nos', client.getOrders({ orderNos: [] }));
  await refuses(t, 'order_nos', client.getOrders({ orderNos: ['a b'] }));
  t.equal(await logEnd(), before);
});

t.test('without the log orders are decided directly, in the order of arrival', async (t) => {
  const sid = await createTestStock(mysql, { count: 2 });
  const orders = ['ann', 'ann', 'bob', 'kim'].map((buyer) => order(sid, buyer));
  const { orders: placed } = await cutOff.placeOrders({ orders, replyTo: '' });
  const decision = (decision: string, liveOrderNo = '') => ({
    placement: 'DECIDED',
    decided: { decision, liveOrderNo },
  });
  t.match(placed, [
    decision('CONFIRMED'),
    decision('DUPLICATE', orders[0]?.orderNo),
    decision('CONFIRMED'),
    decision('SOLD_OUT'),
  ]);
  const numbers = orders.map(({ orderNo }) => orderNo);
  const { orders: rows } = await cutOff.getOrders({ orderNos: [...numbers, 'no-such-number'] });
  t.same(rows.map(({ orderNo }) => orderNo).sort(), numbers.toSorted());
  t.match(
    rows.find(({ orderNo }) => orderNo === numbers[1]),
    { state: 'duplicate', liveOrderNo: numbers[0], buyer: 'ann' },
  );
  const again = await cutOff.placeOrders({ orders: orders.map((order) => ({ ...order, repeat: true })), replyTo: '' });
  t.same(again.orders, placed, 'a number keeps its decision');
  t.match(await auditStock(mysql, sid), { sale: 2, live: 2 });
});

t.test('records of orders that were decided directly are not decided again', async (t) => {
  const sid = await createTestStock(mysql, { count: 1 });
  const orders = ['ann', 'bob'].map((buyer) => order(sid, buyer));
  await cutOff.placeOrders({ orders, replyTo: '' });
  const decided = await auditStock(mysql, sid);
  const appender = startAppender(topics.target);
  t.teardown(() => appender.close());
  // In reverse order: if the log decided, the other order would win.
  const copies = [order(sid, 'last'), ...orders.toReversed()];
  await waitUntil(
    'the log to be connected',
    () => {
      if (!appender.isConnected()) throw new Error('not yet');
    },
    { limitMs: 10_000 },
  );
  await appender.append(
    topics.names.orders,
    partitionOf(sid),
    copies.map((order) => ({ key: String(sid), value: encodeTestRecord(order) })),
  );
  const worker = await startTestWorker(t, servers);
  await waitUntil(
    'the log to be decided',
    async () => {
      const { states } = await auditStock(mysql, sid);
      if (states.sold_out !== 2) throw new Error(JSON.stringify(states));
    },
    { limitMs: 20_000 },
  );
  t.same(decided.states, { awaiting_payment: 1, sold_out: 1 });
  t.match(await auditStock(mysql, sid), { sale: 1, live: 1, states: { awaiting_payment: 1, sold_out: 2 } });
  const [rows] = await mysql.raw('SELECT buyer FROM stock_order WHERE sid = ? AND live = 1', [sid]);
  t.equal(rows[0].buyer, 'ann');
  await worker.close();
});

t.test('a number of another buyer is invalid', async (t) => {
  const sid = await createTestStock(mysql);
  const first = order(sid, 'ann');
  await cutOff.placeOrders({ orders: [first], replyTo: '' });
  const { orders } = await cutOff.placeOrders({ orders: [{ ...first, buyer: 'bob' }], replyTo: '' });
  t.match(orders, [{ placement: 'REFUSED_MISFIT' }]);
  t.match(await auditStock(mysql, sid), { sale: 1, live: 1 });
});

t.test('without log and database an order is unavailable, and its number can be sent again', async (t) => {
  const sid = await createTestStock(mysql);
  const request = order(sid, 'ann');
  const holder = await mysql.transaction();
  await holder.raw('SELECT id FROM stock WHERE id = ? FOR UPDATE', [sid]);
  const { orders } = await cutOff.placeOrders({ orders: [request], replyTo: '' });
  t.match(orders, [{ placement: 'UNAVAILABLE' }]);
  await holder.commit();
  const again = await cutOff.placeOrders({ orders: [{ ...request, repeat: true }], replyTo: '' });
  t.match(again.orders, [{ placement: 'DECIDED', decided: { decision: 'CONFIRMED' } }]);
  t.match(await auditStock(mysql, sid), { sale: 1, live: 1 });
});

t.test('strategy 6 replies QUEUED, or decides directly without the log', async (t) => {
  const sid = await createTestStock(mysql, { kind: 'ladder', count: 1 });
  const { outcome, orderNo } = await cutOff.createOptimisticOrderUseRedisAndKafka({ sid });
  t.equal(outcome, 'CREATED');
  const { orders } = await cutOff.getOrders({ orderNos: [orderNo] });
  t.match(orders, [{ orderNo, buyer: orderNo, state: 'awaiting_payment', payByMs: undefined }]);
  const other = await createTestStock(mysql, { kind: 'ladder' });
  t.match(await client.createOptimisticOrderUseRedisAndKafka({ sid: other }), { outcome: 'QUEUED' });
});
