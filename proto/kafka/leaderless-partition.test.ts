import kafkajs from 'kafkajs';
import t from 'tap';
import { waitUntil } from '../../ci/command/wait-until.ts';
import { findFreePorts } from '../../ci/local/ports/find-free-ports.ts';
import { startKafka, startSecondKafka } from '../../ci/local/servers/start-kafka.ts';
import { startSupervisor } from '../../ci/local/supervisor/start-supervisor.ts';
import { silentLogger } from '../../ci/testing/silent-logger.ts';
import { type Appender, startAppender, startLagReader } from './kafka.ts';
import { startTopicConsumer } from './topic-consumer.ts';

// Starts, stops and restarts two brokers of its own.
t.setTimeout(180_000);
const limit = { limitMs: 30_000 };
const [TOPIC, GROUP, PARTITIONS, AWAY] = ['orders', 'order-worker', 4, 3];

const [port = 0, secondPort = 0, controllerPort = 0] = await findFreePorts(3);
const supervisor = await startSupervisor(t.testdir(), () => undefined);
t.teardown(() => supervisor.stop());
const brokers = [await startKafka(supervisor, { port, controllerPort })];
const admin = new kafkajs.Kafka({ brokers, clientId: 'test', logLevel: kafkajs.logLevel.NOTHING }).admin();
await admin.connect();
t.teardown(() => admin.disconnect());
// The first group creates the topic of offsets, on the broker that keeps running.
await waitUntil('a coordinator', () => admin.fetchOffsets({ groupId: GROUP, topics: [] }), limit);
brokers.push(await startSecondKafka(supervisor, { port: secondPort, controllerPort }));
supervisor.declareUp();
const target = { brokers, clientId: 'test', logger: silentLogger };
const replicaAssignment = Array.from({ length: PARTITIONS }, (_, partition) => {
  return { partition, replicas: [partition === AWAY ? 2 : 1] };
});
await admin.createTopics({ waitForLeaders: false, topics: [{ topic: TOPIC, replicaAssignment }] });

const texts = (value: string) => [{ key: '1', value: Buffer.from(value) }];

/** Appends to each partition separately, and returns the partitions that failed. */
async function appendEach(log: Appender, value: string): Promise<number[]> {
  const tries = Array.from({ length: PARTITIONS }, (_, partition) => log.append(TOPIC, partition, texts(value)));
  const results = await Promise.allSettled(tries);
  return results.flatMap(({ status }, partition) => (status === 'rejected' ? [partition] : []));
}

async function consume(name: string) {
  const seen: string[] = [];
  const member = await startTopicConsumer(
    { ...target, clientId: name },
    {
      topic: TOPIC,
      group: GROUP,
      maxBatch: 100,
      onCrash: (error) => t.fail(`crashed: ${error}`),
      onAssigned: () => undefined,
      handle: async (partition, records) => void seen.push(...records.map(({ value }) => `${partition}:${value}`)),
    },
  );
  t.teardown(() => member.close());
  return { seen, member };
}

const untilSeen = (seen: string[], ...wanted: string[]) =>
  waitUntil(
    `${wanted} to be read`,
    () => {
      const missing = wanted.filter((value) => !seen.includes(value));
      if (missing.length > 0) throw new Error(`without ${missing}`);
    },
    limit,
  );

t.test(
  'a partition without a leader stops no other partition, neither for connected clients nor for new ones',
  async (t) => {
    const log = startAppender(target);
    t.teardown(() => log.close());
    const appendAll = async (appender: Appender, value: string, failing: number[]) =>
      waitUntil(
        `${value} on all partitions but ${failing}`,
        async () => {
          const failed = await appendEach(appender, value);
          if (String(failed) !== String(failing)) throw new Error(`not on ${failed}`);
        },
        limit,
      );
    await appendAll(log, 'before', []);
    const first = await consume('first');
    await untilSeen(first.seen, '0:before', '1:before', '2:before', '3:before');

    await supervisor.halt('kafka-2');
    await appendAll(log, 'during', [AWAY]);
    await untilSeen(first.seen, '0:during', '1:during', '2:during');
    t.pass('connected clients continue');

    const newcomer = startAppender(target);
    t.teardown(() => newcomer.close());
    await first.member.close();
    const second = await consume('second');
    await appendAll(newcomer, 'new', [AWAY]);
    await untilSeen(second.seen, '0:new', '1:new', '2:new');
    t.pass('new clients start');
    const lag = startLagReader(target, TOPIC, GROUP);
    t.teardown(() => lag.close());
    t.same([...(await lag.read()).keys()].sort(), [0, 1, 2]);

    await supervisor.replace('kafka-2');
    await appendAll(log, 'after', []);
    await untilSeen(second.seen, '0:after', '1:after', '2:after', '3:after');
    t.pass('and all go on when it is back');
  },
);
