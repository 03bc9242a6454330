import kafkajs from 'kafkajs';
import t, { type Test } from 'tap';
import { waitUntil } from '../../ci/command/wait-until.ts';
import { startRecordAppender } from '../../ci/testing/orders/record-appender.ts';
import { waitForDrain } from '../../ci/testing/orders/wait-for-drain.ts';
import { createTestTopics, type TestTopics } from '../../ci/testing/servers/test-topics.ts';
import { silentLogger } from '../../ci/testing/silent-logger.ts';
import { createTopics, ensureTopics } from './create-topics.ts';
import { startAppender, startLagReader } from './kafka.ts';
import { startTopicConsumer, type TopicConsumerOptions } from './topic-consumer.ts';
import { NotOwnedError } from './work-through-batch.ts';

// Eight groups join and leave one after the other, which takes longer than tap's limit of 30 s.
t.setTimeout(240_000);

const rejectsAll = new Error('not today');

/** A member of the worker group, with the records it received. */
async function consume(t: Test, { target, names }: TestTopics, options: Partial<TopicConsumerOptions> = {}) {
  const seen: { partition: number; values: (string | undefined)[]; offsets: bigint[] }[] = [];
  const assigned: number[] = [];
  const consumer = await startTopicConsumer(target, {
    topic: names.orders,
    group: names.workerGroup,
    maxBatch: 100,
    onCrash: (error) => t.fail(`crashed: ${error}`),
    onAssigned: (partitions) => assigned.push(...partitions),
    ...options,
    async handle(partition, records, context, upcoming) {
      const values = records.map(({ value }) => value?.toString());
      seen.push({ partition, values, offsets: records.map(({ offset }) => offset) });
      await options.handle?.(partition, records, context, upcoming);
    },
  });
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= consumer.close();
    return closing;
  };
  t.teardown(close);
  return { seen, assigned, close };
}

async function committed({ target, names }: TestTopics, partition: number): Promise<bigint | undefined> {
  const log = await startLagReader(target, names.orders, names.workerGroup);
  try {
    return (await log.read()).get(partition)?.committed;
  } finally {
    await log.close();
  }
}

const texts = (...values: string[]) => values.map((value) => ({ key: '1', value: Buffer.from(value) }));

function until(what: string, check: () => boolean): Promise<void> {
  return waitUntil(
    what,
    () => {
      if (!check()) throw new Error('not yet');
    },
    { limitMs: 20_000 },
  );
}

t.test('records from before the first member joined are read in order, and then committed', async (t) => {
  const topics = await createTestTopics(t);
  const append = await startRecordAppender(t, topics);
  await append(3, texts('a', 'b'));
  await append(3, texts('c'));
  const { seen, assigned } = await consume(t, topics);
  await waitForDrain(topics);
  t.same(
    seen.flatMap(({ values }) => values),
    ['a', 'b', 'c'],
  );
  t.same(
    seen.flatMap(({ offsets }) => offsets),
    [0n, 1n, 2n],
  );
  t.ok(seen.every(({ partition }) => partition === 3));
  t.equal(await committed(topics, 3), 3n);
  t.equal(new Set(assigned).size, 8, 'a single member has all partitions');
  await append(5, [{ key: '1', value: null }]);
  await waitForDrain(topics);
  t.same(seen.at(-1), { partition: 5, values: [undefined], offsets: [0n] }, 'a record without a value is delivered');
});

t.test('the offset is committed after the work, not before', async (t) => {
  const topics = await createTestTopics(t);
  const append = await startRecordAppender(t, topics);
  const [started, finish] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  await consume(t, topics, {
    async handle() {
      started.resolve();
      await finish.promise;
    },
  });
  await append(0, texts('a'));
  await started.promise;
  t.equal(await committed(topics, 0), -1n);
  finish.resolve();
  await waitForDrain(topics);
  t.equal(await committed(topics, 0), 1n);
});

t.test('a handler that rejects receives the same records again', async (t) => {
  const topics = await createTestTopics(t);
  const append = await startRecordAppender(t, topics);
  await append(1, texts('a', 'b'));
  let tries = 0;
  const { seen } = await consume(t, topics, {
    async handle() {
      tries += 1;
      if (tries < 3) throw rejectsAll;
    },
  });
  await waitForDrain(topics);
  t.same(
    seen.map(({ values }) => values),
    [
      ['a', 'b'],
      ['a', 'b'],
      ['a', 'b'],
    ],
  );
  t.equal(await committed(topics, 1), 2n);
});

t.test('a batch of a reassigned partition is not committed, and the next owner handles it', async (t) => {
  const topics = await createTestTopics(t);
  const append = await startRecordAppender(t, topics);
  await append(1, texts('a', 'b'));
  const first = await consume(t, topics, { handle: () => Promise.reject(new NotOwnedError('gone')) });
  await until('the first to be asked', () => first.seen.length > 0);
  await first.close();
  t.equal(await committed(topics, 1), -1n);
  const second = await consume(t, topics);
  await waitForDrain(topics);
  t.same(
    second.seen.flatMap(({ values }) => values),
    ['a', 'b'],
  );
});

t.test('a handler receives at most maxBatch records, and only handled records are committed', async (t) => {
  const topics = await createTestTopics(t);
  const append = await startRecordAppender(t, topics);
  await append(2, texts('a', 'b', 'c', 'd', 'e'));
  const before: (bigint | undefined)[] = [];
  const { seen } = await consume(t, topics, {
    maxBatch: 2,
    handle: async () => void before.push(await committed(topics, 2)),
  });
  await waitForDrain(topics);
  t.same(
    seen.map(({ values }) => values),
    [['a', 'b'], ['c', 'd'], ['e']],
  );
  // Commits happen soon after the work, never before it.
  t.equal(before.length, 3);
  t.ok(
    before.every((offset = -1n, i) => offset <= BigInt(2 * i)),
    String(before),
  );
  t.equal(await committed(topics, 2), 5n);
});

t.test('two members share the partitions, and the remaining member takes over all', async (t) => {
  const topics = await createTestTopics(t);
  const append = await startRecordAppender(t, topics);
  const [first, second] = [await consume(t, topics), await consume(t, topics)];
  await until('both to have partitions', () => first.assigned.length > 0 && second.assigned.length > 0);
  await first.close();
  for (let partition = 0; partition < 8; partition += 1) await append(partition, texts(`p${partition}`));
  await waitForDrain(topics);
  const values = [...first.seen, ...second.seen].flatMap(({ values }) => values);
  t.same([...new Set(values)].sort(), ['p0', 'p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7']);
});

t.test('topics are created once, and another number of partitions is an error', async (t) => {
  const topics = await createTestTopics(t);
  await createTopics({ ...topics.target, topicPrefix: topics.prefix });
  const plan = { topic: topics.names.orders, partitions: 4, retentionDays: 7 };
  await t.rejects(ensureTopics(topics.target, [plan], 1), { message: /has 8 partitions, not 4/ });
});

t.test('existing topics get the required configuration, and keep the rest', async (t) => {
  const topics = await createTestTopics(t, { create: false });
  const topic = topics.names.orders;
  const { brokers, clientId } = topics.target;
  const admin = new kafkajs.Kafka({ brokers, clientId, logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
  t.teardown(() => admin.disconnect());
  const configEntries = [
    { name: 'retention.ms', value: '86400000' },
    { name: 'min.insync.replicas', value: '2' },
  ];
  const wanted = { topic, numPartitions: 8, replicationFactor: 1, configEntries };
  await admin.createTopics({ topics: [wanted], waitForLeaders: false });
  // The broker learns of it later.
  await waitUntil('the topic', () => admin.fetchTopicMetadata({ topics: [topic] }), { limitMs: 10_000 });
  await createTopics({ ...topics.target, topicPrefix: topics.prefix });
  const read = async (name: string) => {
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name }],
    });
    const entries = resources[0]?.configEntries.map(({ configName, configValue }) => [configName, configValue]);
    return Object.fromEntries(entries ?? []);
  };
  // The controller informs the broker later.
  await waitUntil(
    'the broker to know it',
    async () => {
      if ((await read(topic))['message.timestamp.type'] !== 'LogAppendTime') throw new Error('not yet');
    },
    { limitMs: 10_000 },
  );
  t.match(await read(topic), {
    'message.timestamp.type': 'LogAppendTime',
    // One replica cannot satisfy a minimum of second.
    'min.insync.replicas': '1',
    'retention.ms': '86400000',
  });
  t.match(await read(topics.names.ordersDead), {
    'message.timestamp.type': 'LogAppendTime',
    'min.insync.replicas': '1',
  });
});

t.test('a producer whose clock is wrong by two hours can append, and the timestamp is the log’s', async (t) => {
  const topics = await createTestTopics(t);
  const { brokers, clientId } = topics.target;
  const producer = new kafkajs.Kafka({ brokers, clientId, logLevel: kafkajs.logLevel.NOTHING }).producer();
  await producer.connect();
  t.teardown(() => producer.disconnect());
  const startedMs = Date.now();
  for (const hours of [2, -2]) {
    const timestamp = String(startedMs + hours * 3_600_000);
    await waitUntil(
      'the partition to be led',
      () => producer.send({ topic: topics.names.orders, messages: [{ value: 'a', partition: 3, timestamp }] }),
      { limitMs: 10_000 },
    );
  }
  const times: number[] = [];
  await consume(t, topics, {
    handle: async (_partition, records) => void times.push(...records.map(({ timestampMs }) => timestampMs)),
  });
  await waitForDrain(topics);
  t.equal(times.length, 2);
  for (const ms of times) t.ok(Math.abs(ms - startedMs) < 60_000, `${ms - startedMs} ms`);
});

t.test('an append without a broker rejects at once, and the appender is not connected', async (t) => {
  const { target } = await createTestTopics(t, { create: false });
  const appender = startAppender({ ...target, brokers: ['127.0.0.1:1'] });
  const startedMs = performance.now();
  await t.rejects(appender.append('orders', 0, texts('a')), { message: /not connected/ });
  t.ok(performance.now() - startedMs < 200);
  t.equal(appender.isConnected(), false);
  await appender.close();
});

t.test('an append without an answer for every partition is not acknowledged', async (t) => {
  // kafkajs does this when the leader moves to another broker; this test has one broker.
  const { producer } = kafkajs.Kafka.prototype;
  t.teardown(() => {
    kafkajs.Kafka.prototype.producer = producer;
  });
  kafkajs.Kafka.prototype.producer = () =>
    ({
      connect: async () => undefined,
      disconnect: async () => undefined,
      send: async () => [{ topicName: 'orders', partition: 0, errorCode: 0, baseOffset: '7' }],
    }) as unknown as ReturnType<typeof producer>;
  const log = startAppender({ brokers: ['127.0.0.1:9'], clientId: 'test', logger: silentLogger });
  t.teardown(() => log.close());
  await until('it to be connected', () => log.isConnected());
  t.equal(await log.append('orders', 0, texts('a')), 7n);
  const both = new Map([0, 1].map((partition) => [partition, texts('a')]));
  await t.rejects(log.appendAll('orders', both), /not every partition answered/);
});
