import t from 'tap';
import { waitUntil } from '../ci/command/wait-until.ts';
import { testEnvironment } from '../ci/testing/clients/create-token.ts';
import { auditStock } from '../ci/testing/orders/audit-stock.ts';
import { createTestStock } from '../ci/testing/orders/create-test-stock.ts';
import { encodeTestRecord, testOrder, testVerification } from '../ci/testing/orders/encode-test-record.ts';
import { readTopic } from '../ci/testing/orders/read-topic.ts';
import { startRecordAppender } from '../ci/testing/orders/record-appender.ts';
import { waitForDrain } from '../ci/testing/orders/wait-for-drain.ts';
import { createTestServers } from '../ci/testing/servers/create-test-servers.ts';
import { randomName, startTestWorker } from '../ci/testing/servers/start-test-system.ts';
import { createTestRedisClient } from '../ci/testing/servers/test-redis.ts';
import { waitForStatements } from '../ci/testing/wait-for-statements.ts';
import { readOrders } from '../db/orders/order-table.ts';
import type { DecidedOrder } from '../proto/gen/flashsale/v1/DecidedOrder.ts';
import { startLagReader } from '../proto/kafka/kafka.ts';
import { ORDER_PARTITIONS, partitionOf } from '../proto/kafka/partition-of.ts';
import { startTopicConsumer } from '../proto/kafka/topic-consumer.ts';
import { NotOwnedError } from '../proto/kafka/work-through-batch.ts';
import { DecisionBatchType, OrderRecordType } from '../proto/messages/load-protos.ts';
import { mintOrderNumber } from '../proto/messages/order-number.ts';
import type { LoggedOrder } from '../proto/messages/order-record.ts';
import { verifySignedMessage } from '../proto/messages/signed-message.ts';
import { realClock } from '../proto/process/clock.ts';
import { parseSecretKeys } from '../proto/settings/secret-keys.ts';
import { createBatchDecider } from './batch-decider.ts';
import { decideRecords } from './decide-records.ts';
import { decodeRecords } from './decode-records.ts';

const servers = await createTestServers(t);
const decisionKeys = parseSecretKeys(testEnvironment.DECISION_KEY);
const { mysql, database, topics } = servers;
const append = await startRecordAppender(t, topics);

function order(sid: number, buyer: string, more: Partial<LoggedOrder> = {}): LoggedOrder {
  return testOrder({ orderNo: mintOrderNumber('key', sid, buyer), sid, buyer, ...more });
}

function put(sid: number, orders: LoggedOrder[]): Promise<bigint> {
  return append(
    partitionOf(sid),
    orders.map((order) => ({ key: String(sid), value: encodeTestRecord(order) })),
  );
}

t.test('a batch whose offset was not committed is replayed without effect', async (t) => {
  const sid = await createTestStock(mysql, { count: 2 });
  await put(
    sid,
    ['ann', 'bob', 'kim', 'ann'].map((buyer) => order(sid, buyer)),
  );
  // A worker that ends between the COMMIT and the commit of the offset.
  const decided = Promise.withResolvers<void>();
  const parts = {
    decide: createBatchDecider(database, {
      clock: realClock,
      random: Math.random,
      payWithinMs: 900_000,
      maxOrders: 1000,
    }),
    publish: async () => undefined,
    publishEvents: async () => undefined,
    beforeDeciding: async () => undefined,
    deadLetter: async () => undefined,
  };
  const dying = await startTopicConsumer(topics.target, {
    topic: topics.names.orders,
    group: topics.names.workerGroup,
    maxBatch: 1000,
    async handle(partition, records) {
      await decideRecords(
        { ...parts, decode: () => decodeRecords(partition, records, testVerification, 1000) },
        records,
        () => undefined,
      );
      decided.resolve();
      throw new NotOwnedError('ended');
    },
    onCrash: decided.reject,
    onAssigned: () => undefined,
  });
  await decided.promise;
  await dying.close();
  const log = await startLagReader(topics.target, topics.names.orders, topics.names.workerGroup);
  t.teardown(() => log.close());
  t.equal((await log.read()).get(partitionOf(sid))?.committed, -1n, 'no offset was committed');
  const before = await auditStock(mysql, sid);
  t.match(before, { sale: 2, live: 2, states: { awaiting_payment: 2, sold_out: 1, duplicate: 1 } });

  const worker = await startTestWorker(t, servers);
  await waitForDrain(topics);
  const after = await auditStock(mysql, sid);
  t.same(after, { ...before, version: after.version });
  await worker.close();
});

t.test('a running worker', async (t) => {
  await startTestWorker(t, servers);
  const redis = await createTestRedisClient(t, servers.redisUrl);

  t.test('orders in the log become rows with their partition and offset', async (t) => {
    const sid = await createTestStock(mysql, { count: 2 });
    const orders = ['ann', 'bob', 'kim'].map((buyer) => order(sid, buyer));
    await put(sid, orders);
    await waitForDrain(topics);
    const [rows] = await mysql.raw(
      `SELECT order_no AS orderNo, buyer, state, decided_by AS decidedBy, log_partition AS partitionNo, log_offset AS at,
         TIMESTAMPDIFF(SECOND, appended_at, NOW()) AS secondsAgo
       FROM stock_order WHERE sid = ? ORDER BY log_offset`,
      [sid],
    );
    const common = { decidedBy: 'log', partitionNo: partitionOf(sid) };
    t.match(rows, [
      { ...common, orderNo: orders[0]?.orderNo, state: 'awaiting_payment' },
      { ...common, orderNo: orders[1]?.orderNo, state: 'awaiting_payment' },
      { ...common, orderNo: orders[2]?.orderNo, state: 'sold_out' },
    ]);
    t.same(
      rows.map(({ at }: { at: number }) => at - rows[0].at),
      [0, 1, 2],
    );
    for (const { secondsAgo } of rows) t.ok(secondsAgo >= 0 && secondsAgo < 60, `${secondsAgo} s`);
    t.match(await auditStock(mysql, sid), { sale: 2, live: 2 });
  });

  t.test('invalid records go to orders-dead with the reason, and the others are decided', async (t) => {
    const dead = await readTopic(t, topics, topics.names.ordersDead);
    const sid = await createTestStock(mysql, { count: 9 });
    const partition = partitionOf(sid);
    const elsewhere = (partition + 1) % ORDER_PARTITIONS;
    const good = order(sid, 'ann');
    const value = (order: LoggedOrder) => encodeTestRecord(order);
    const records: { value: Buffer | null; reason?: RegExp }[] = [
      { value: value(good) },
      { value: Buffer.from('not a record, but text'), reason: /no valid signature/ },
      { value: null, reason: /^no value$/ },
      {
        value: OrderRecordType.serialize({ version: 1, orderNo: `${sid}-forged`, sid, buyer: 'eve' }),
        reason: /no valid signature/,
      },
      { value: value({ ...good, buyer: 'bob' }), reason: /belongs to another stock or buyer/ },
      { value: value(order(sid, 'two words')), reason: /^buyer/ },
      { value: value(order(sid, 'kim', { orderNo: 'a number?' })), reason: /^order_no/ },
      { value: value(order(-1, 'kim', { orderNo: 'minus-1' })), reason: /sid -1/ },
      { value: value(order(sid, 'eve', { mintedAtMs: 8_000_000_000_000_000 })), reason: /the database refuses it/ },
      { value: value(order(sid, 'last')) },
    ];
    const key = String(sid);
    await append(elsewhere, [{ key, value: value(order(sid, 'lost')) }]);
    await append(
      partition,
      records.map(({ value }) => ({ key, value })),
    );
    await waitForDrain(topics);
    const bad = records.filter(({ reason }) => reason);
    const letters = await dead.waitFor(bad.length + 1);
    for (const { value, reason } of bad) {
      const found = letters.find((record) => (record.value === null ? value === null : value?.equals(record.value)));
      t.match(found?.headers, { reason, partition: String(partition), offset: /^\d+$/ });
    }
    const [lost] = letters.filter(({ headers }) => headers.partition === String(elsewhere));
    t.match(lost?.headers, { reason: `not the partition of ${sid}` });
    t.equal(new Set(letters.map(({ key }) => key)).size, bad.length + 1);
    t.match(await auditStock(mysql, sid), { sale: 2, live: 2, states: { awaiting_payment: 2 } });
  });

  t.test('invalid records beyond the size of one append do not stop the partition', async (t) => {
    const dead = await readTopic(t, topics, topics.names.ordersDead);
    const sid = await createTestStock(mysql, { count: 1 });
    const partition = partitionOf(sid);
    const places: string[] = [];
    // Three together exceed the broker's limit of a mebibyte, and the last one does so alone with its reason.
    for (const bytes of [500_000, 500_000, 500_000, 1_048_500]) {
      const offset = await append(partition, [{ key: 'junk', value: Buffer.alloc(bytes, 0xff) }]);
      places.push(`${partition}/${offset}`);
    }
    await put(sid, [order(sid, 'ann')]);
    await waitForDrain(topics);
    t.match(await auditStock(mysql, sid), { sale: 1, live: 1 });
    await waitUntil(
      'all of it to be letters, if need be without its bytes',
      async () => {
        const letters = (await dead.waitFor(1)).map(({ key }) => key);
        if (!places.every((place) => letters.includes(place))) throw new Error(`only ${letters}`);
      },
      { limitMs: 20_000 },
    );
    t.pass('it is');
  });

  t.test('an order of an unknown stock is dead-lettered too', async (t) => {
    const dead = await readTopic(t, topics, topics.names.ordersDead);
    const sid = 4_040_404;
    await put(sid, [order(sid, 'ann')]);
    await waitUntil(
      'the dead letter',
      async () => {
        const records = await dead.waitFor(1);
        if (!records.some(({ headers }) => headers.reason === `there is no stock ${sid}`)) throw new Error('not there');
      },
      { limitMs: 20_000 },
    );
    t.pass('with the reason');
  });

  t.test('an order outside the window, or of a paused stock, becomes a row with its refusal', async (t) => {
    const opensAtMs = Date.now() + 3_600_000;
    const cases = [
      [{ opensAtMs }, null, 'not_open'],
      // A stamp that is two hours ahead.
      [{ opensAtMs }, Date.now() + 7_200_000, 'not_open'],
      [{ closesAtMs: Date.now() - 1000 }, null, 'closed'],
      [{ closesAtMs: Date.now() - 1000 }, Date.now() - 60_000, 'awaiting_payment'],
      [{ paused: true }, null, 'paused'],
      [{ priceCents: 0 }, null, 'paid'],
    ] as const;
    for (const [terms, stampMs, state] of cases) {
      const sid = await createTestStock(mysql, { count: 5, ...terms });
      await put(sid, [order(sid, 'ann', { stampMs })]);
      await waitForDrain(topics);
      const { states, sale } = await auditStock(mysql, sid);
      t.same(states, { [state]: 1 }, JSON.stringify(terms));
      t.equal(sale, state === 'awaiting_payment' || state === 'paid' ? 1 : 0);
    }
  });

  t.test('each consumer gets the decisions on its own orders after the COMMIT', async (t) => {
    const sid = await createTestStock(mysql, { count: 1 });
    const [consumerA, consumerB] = [randomName('consumer'), randomName('consumer')];
    const received = new Map<string, DecidedOrder[]>([consumerA, consumerB].map((name) => [name, []]));
    const rowsThen: number[] = [];
    const subscriber = redis.duplicate();
    await subscriber.connect();
    t.teardown(() => subscriber.destroy());
    for (const name of [consumerA, consumerB]) {
      const listen = async (message: Buffer) => {
        const { decisions } = DecisionBatchType.deserialize(
          verifySignedMessage('decisions', decisionKeys, message) ?? Buffer.alloc(0),
        );
        received.get(name)?.push(...decisions);
        const numbers = decisions.map(({ orderNo }) => orderNo);
        const rows = await database.session((session) => readOrders(session, numbers));
        rowsThen.push(decisions.length - rows.length);
      };
      await subscriber.subscribe(`decisions:${name}`, listen, true);
    }
    const orders = [
      order(sid, 'ann', { replyTo: consumerA }),
      order(sid, 'ann', { replyTo: consumerB }),
      order(sid, 'bob', { replyTo: consumerB }),
      order(sid, 'kim'),
    ];
    await put(sid, orders);
    await waitForDrain(topics);
    const [first, second, third] = orders.map(({ orderNo }) => orderNo);
    await waitUntil(
      'three decisions to be received',
      () => {
        const count = [...received.values()].flat().length;
        if (count < 3 || rowsThen.length < 2) throw new Error(`${count} received`);
      },
      { limitMs: 10_000 },
    );
    t.match(received.get(consumerA), [{ orderNo: first, decision: 'CONFIRMED', liveOrderNo: '' }]);
    t.match(received.get(consumerB), [
      { orderNo: second, decision: 'DUPLICATE', liveOrderNo: first },
      { orderNo: third, decision: 'SOLD_OUT', liveOrderNo: '' },
    ]);
    t.ok(
      rowsThen.every((missing) => missing === 0),
      'every decision was a row when it was received',
    );
  });

  t.test('the worker waits for a blocked database, and nothing is decided twice', async (t) => {
    const sid = await createTestStock(mysql, { count: 5 });
    const holder = await mysql.transaction();
    await holder.raw('SELECT id FROM stock WHERE id = ? FOR UPDATE', [sid]);
    await put(
      sid,
      ['ann', 'bob'].map((buyer) => order(sid, buyer)),
    );
    await waitForStatements(mysql, 'UPDATE stock SET sale = sale +%', 1);
    t.match(await auditStock(mysql, sid), { sale: 0, live: 0 });
    await holder.commit();
    await waitForDrain(topics);
    t.match(await auditStock(mysql, sid), { sale: 2, live: 2, version: 1 });
  });
});

t.test('a worker decides without Redis', async (t) => {
  await startTestWorker(t, servers, { REDIS_URL: 'redis://127.0.0.1:1' });
  const sid = await createTestStock(mysql, { count: 1 });
  await put(sid, [order(sid, 'ann', { replyTo: 'consumer-unknown' })]);
  await waitForDrain(topics);
  t.match(await auditStock(mysql, sid), { sale: 1, live: 1 });
});
