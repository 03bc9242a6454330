import t from 'tap';
import { waitUntil } from '../../ci/command/wait-until.ts';
import { checkTopicEvents } from '../../ci/testing/orders/check-events.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { encodeTestRecord, testOrder } from '../../ci/testing/orders/encode-test-record.ts';
import { readTopic } from '../../ci/testing/orders/read-topic.ts';
import { startRecordAppender } from '../../ci/testing/orders/record-appender.ts';
import { waitForDrain } from '../../ci/testing/orders/wait-for-drain.ts';
import { createTestServers } from '../../ci/testing/servers/create-test-servers.ts';
import { startTestWorker } from '../../ci/testing/servers/start-test-system.ts';
import { cancelOrder } from '../../db/orders/cancel-order.ts';
import { decideOrders } from '../../db/orders/decide-orders.ts';
import { createAdmin, disconnect } from '../../proto/kafka/kafka.ts';
import { partitionOf } from '../../proto/kafka/partition-of.ts';
import { mintOrderNumber } from '../../proto/messages/order-number.ts';
import { realClock } from '../../proto/process/clock.ts';

const servers = await createTestServers(t);
const { mysql, database, topics } = servers;
const append = await startRecordAppender(t, topics);
const events = await readTopic(t, topics, topics.names.orderEvents);
const idOf = ({ value }: { value: Buffer | null }) => (JSON.parse(String(value)) as { id: string }).id;

function order(sid: number, buyer: string) {
  return testOrder({ orderNo: mintOrderNumber('key', sid, buyer), sid, buyer });
}
const put = (sid: number, orders: ReturnType<typeof order>[]) =>
  append(
    partitionOf(sid),
    orders.map((one) => ({ key: String(sid), value: encodeTestRecord(one) })),
  );

const rowsOf = async (sid: number) => {
  const [rows] = await mysql.raw('SELECT order_no, published_at FROM order_event WHERE sid = ?', [sid]);
  return rows as { order_no: string; published_at: Date | null }[];
};

t.test('a worker publishes what the log confirmed, once for repeats, without rows', async (t) => {
  const worker = await startTestWorker(t, servers);
  const sid = await createTestStock(mysql, { count: 2 });
  const [ann, bob, kim] = [order(sid, 'ann'), order(sid, 'bob'), order(sid, 'kim')];
  await put(sid, [ann, bob, kim, ann]);
  await put(sid, [bob]);
  await waitForDrain(topics);
  const records = (await events.waitFor(2)).filter(({ key }) => key.startsWith(`${sid}-`));
  t.same(records.map(idOf).sort(), [`${ann.orderNo}:confirmed`, `${bob.orderNo}:confirmed`].sort());
  checkTopicEvents(t, records);
  t.same(await rowsOf(sid), []);
  await worker.close();
});

t.test('a worker that ended between COMMIT and publishing: its successor publishes', async (t) => {
  const sid = await createTestStock(mysql, { count: 2 });
  const ann = order(sid, 'ann');
  const offset = await put(sid, [ann]);
  await decideOrders(database, [{ ...ann, partition: partitionOf(sid), offset }], {
    clock: realClock,
    random: Math.random,
    decidedBy: 'log',
    payWithinMs: 900_000,
    beforeTry: () => undefined,
  });
  const worker = await startTestWorker(t, servers);
  await waitUntil(
    'its event',
    async () => {
      const records = await events.waitFor(0);
      if (!records.some((record) => idOf(record) === `${ann.orderNo}:confirmed`)) throw new Error('not yet');
    },
    { limitMs: 20_000 },
  );
  t.same(await rowsOf(sid), []);
  await worker.close();
});

const TOPIC_RESOURCE = 2;

/** An event topic with a maximum record size of one byte refuses all records. */
async function limitEvents(bytes: string): Promise<void> {
  const admin = createAdmin(topics.target);
  await admin.connect();
  const configEntries = [{ name: 'max.message.bytes', value: bytes }];
  await admin.alterConfigs({
    validateOnly: false,
    resources: [{ type: TOPIC_RESOURCE, name: topics.names.orderEvents, configEntries }],
  });
  await disconnect(admin);
}

t.test(
  'while the event topic refuses records, orders are decided and offsets go on; then rows are published',
  async (t) => {
    await limitEvents('1');
    await startTestWorker(t, servers);
    const sid = await createTestStock(mysql, { count: 3 });
    const orders = ['ann', 'bob', 'kim'].map((buyer) => order(sid, buyer));
    for (const one of orders) await put(sid, [one]);
    await waitForDrain(topics);
    t.same(
      (await rowsOf(sid)).map(({ published_at }) => published_at),
      [null, null, null],
      'an event that was not acknowledged is a row before its offset is committed',
    );
    await cancelOrder(database, orders[0]?.orderNo ?? '', 'ann');
    await limitEvents('1048588');
    await waitUntil(
      'the rows to be published',
      async () => {
        const open = (await rowsOf(sid)).filter(({ published_at }) => published_at === null);
        if (open.length > 0) throw new Error(`${open.length} are not`);
      },
      { limitMs: 30_000 },
    );
    const isOfSale = (id: string) => id.startsWith(`${sid}-`);
    await waitUntil(
      'four events',
      async () => {
        const ids = new Set((await events.waitFor(0)).map(idOf).filter(isOfSale));
        if (ids.size < 4) throw new Error(`${ids.size}`);
      },
      { limitMs: 20_000 },
    );
    const ids = (await events.waitFor(0)).map(idOf).filter(isOfSale);
    checkTopicEvents(t, await events.waitFor(0));
    t.ok(ids.indexOf(`${orders[0]?.orderNo}:confirmed`) < ids.indexOf(`${orders[0]?.orderNo}:cancelled`));
  },
);
