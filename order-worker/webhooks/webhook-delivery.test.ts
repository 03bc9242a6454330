import t from 'tap';
import { waitUntil } from '../../ci/command/wait-until.ts';
import { checkWebhookEvents } from '../../ci/testing/orders/check-events.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { encodeTestRecord, testOrder } from '../../ci/testing/orders/encode-test-record.ts';
import { startRecordAppender } from '../../ci/testing/orders/record-appender.ts';
import { createTestServers } from '../../ci/testing/servers/create-test-servers.ts';
import { startTestWorker } from '../../ci/testing/servers/start-test-system.ts';
import { createEndpoint } from '../../ci/testing/webhooks/create-endpoint.ts';
import { isVerified, startReceiver } from '../../ci/testing/webhooks/start-receiver.ts';
import { cancelOrder } from '../../db/orders/cancel-order.ts';
import { partitionOf } from '../../proto/kafka/partition-of.ts';
import { mintOrderNumber } from '../../proto/messages/order-number.ts';

const servers = await createTestServers(t);
const { mysql, database, topics } = servers;
const append = await startRecordAppender(t, topics);
const settings = { WEBHOOK_ADDRESSES: 'any' };

async function placeOrders(buyers: string[]): Promise<string[]> {
  const sid = await createTestStock(mysql, { count: buyers.length });
  const orders = buyers.map((buyer) => testOrder({ orderNo: mintOrderNumber('key', sid, buyer), sid, buyer }));
  const records = orders.map((order) => ({ key: String(sid), value: encodeTestRecord(order) }));
  await append(partitionOf(sid), records);
  return orders.map(({ orderNo }) => orderNo);
}

async function untilConfirmed(orderNos: string[]): Promise<void> {
  await waitUntil(
    'the orders to be confirmed',
    async () => {
      const [rows] = await mysql.raw('SELECT order_no FROM stock_order WHERE order_no IN (?)', [orderNos]);
      if (rows.length < orderNos.length) throw new Error(`${rows.length}`);
    },
    { limitMs: 20_000 },
  );
}

t.test(
  'events of real orders arrive at endpoints that want them, signed, those of an order in their order',
  async (t) => {
    const [all, cancels] = [await startReceiver(t), await startReceiver(t)];
    const { secret } = await createEndpoint(database, all.url);
    await createEndpoint(database, cancels.url, ['order.cancelled']);
    await startTestWorker(t, servers, settings);
    await startTestWorker(t, servers, settings);
    const orderNos = await placeOrders(['ann', 'bob', 'kim']);
    await untilConfirmed(orderNos);
    for (const [i, buyer] of ['ann', 'bob'].entries()) await cancelOrder(database, orderNos[i] ?? '', buyer);
    await all.waitFor(5);
    await cancels.waitFor(2);
    t.same(
      cancels.received.map(({ event }) => event.type),
      ['order.cancelled', 'order.cancelled'],
    );
    for (const webhook of all.received) {
      t.ok(isVerified(secret, webhook));
      t.match(webhook.headers, { 'content-type': 'application/json', 'webhook-signature': /^v1,[^ ]+$/ });
      t.match(webhook.event, { id: webhook.id, type: /^order\./, timestamp: /^20\d\d-/, data: { orderNo: /^./ } });
    }
    checkWebhookEvents(
      t,
      all.received.map(({ body }) => body),
    );
    const ids = all.received.map(({ id }) => id);
    t.equal(new Set(ids).size, 5);
    for (const orderNo of orderNos.slice(0, 2)) {
      t.same(
        ids.filter((id) => id.startsWith(orderNo)),
        [`${orderNo}:confirmed`, `${orderNo}:cancelled`],
      );
    }
    await waitUntil(
      'the rows',
      async () => {
        const [rows] = await mysql.raw(`SELECT id FROM webhook_delivery WHERE state = 'delivered'`);
        if (rows.length < 7) throw new Error(`${rows.length}`);
      },
      { limitMs: 5000 },
    );
  },
);
