import { pause, realClock } from '../process/clock.ts';
import { createAdmin, disconnect, type KafkaTarget } from './kafka.ts';
import { ORDER_PARTITIONS } from './partition-of.ts';
import { ORDER_RETENTION_DAYS, topicNames, WARM_UP_PARTITIONS } from './topics.ts';

const SEGMENT_MS = 6 * 3_600_000;
const WARM_UP_RETENTION_DAYS = 1 / 24;
const TIME_TYPE = 'message.timestamp.type';
const MIN_IN_SYNC = 'min.insync.replicas';
// Constants of Kafka's protocol. Only kafka.ts imports kafkajs.
const TOPIC_RESOURCE = 2;
const SET_FOR_TOPIC = 1;
const LEADERS_WITHIN_MS = 15_000;
const LEADERS_PAUSE_MS = 100;

/** Creates missing topics with `replicas` copies of each partition. */
export async function createTopics(target: KafkaTarget & { topicPrefix: string; replicas?: number }): Promise<void> {
  const names = topicNames(target.topicPrefix);
  await ensureTopics(
    target,
    [
      { topic: names.orders, partitions: ORDER_PARTITIONS, retentionDays: ORDER_RETENTION_DAYS },
      { topic: names.ordersDead, partitions: 1, retentionDays: 4 * ORDER_RETENTION_DAYS },
      { topic: names.orderEvents, partitions: ORDER_PARTITIONS, retentionDays: ORDER_RETENTION_DAYS },
      { topic: names.warmUp, partitions: WARM_UP_PARTITIONS, retentionDays: WARM_UP_RETENTION_DAYS },
    ],
    target.replicas ?? 1,
  );
}

type TopicPlan = { topic: string; partitions: number; retentionDays: number };

/**
 * Creates missing topics, and sets the required configuration of existing ones. Rejects if an existing topic has another number of
 * partitions.
 */
export async function ensureTopics(target: KafkaTarget, plans: TopicPlan[], replicas: number): Promise<void> {
  const admin = createAdmin(target);
  await admin.connect();
  try {
    const existing = new Set(await admin.listTopics());
    await admin.createTopics({
      // readTopics waits for leaders: kafkajs gives up if a broker does not know the new topic yet.
      waitForLeaders: false,
      topics: plans
        .filter(({ topic }) => !existing.has(topic))
        .map(({ topic, partitions, retentionDays }) => ({
          topic,
          numPartitions: partitions,
          replicationFactor: replicas,
          configEntries: [
            { name: 'retention.ms', value: String(retentionDays * 86_400_000) },
            // Kafka deletes whole segments. With its default of 7 days a record could be kept twice as long as configured.
            { name: 'segment.ms', value: String(SEGMENT_MS) },
            ...neededConfig(replicas),
          ],
        })),
    });
    const topics = await readTopics(
      admin,
      plans.map(({ topic }) => topic),
    );
    await findCoordinator(admin, plans[0]?.topic ?? '');
    for (const { name, partitions } of topics) {
      await setConfig(admin, name, Math.min(...partitions.map(({ replicas }) => replicas.length)));
      const wanted = plans.find(({ topic }) => topic === name)?.partitions;
      if (partitions.length !== wanted)
        throw new Error(
          `topic ${name} has ${partitions.length} partitions, not ${wanted}: a stock's orders would split`,
        );
    }
  } finally {
    await disconnect(admin);
  }
}

/**
 * Timestamps of the log: by the clock of a producer, records could be rejected, or be kept too long or too short. With three copies, two
 * brokers must have a record before it is acknowledged, so that one may be lost and one may be down.
 */
function neededConfig(replicas: number) {
  return [
    { name: TIME_TYPE, value: 'LogAppendTime' },
    { name: MIN_IN_SYNC, value: replicas > 2 ? '2' : '1' },
  ];
}

/** Sets the required configuration of an existing topic. Keeps the rest. */
async function setConfig(admin: ReturnType<typeof createAdmin>, topic: string, replicas: number): Promise<void> {
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: TOPIC_RESOURCE, name: topic }],
  });
  const entries = resources[0]?.configEntries ?? [];
  // Kafka resets every value that the request does not contain.
  const set = entries.filter((entry) => (entry as { configSource?: number }).configSource === SET_FOR_TOPIC);
  const isRight = ({ name, value }: { name: string; value: string }) => {
    const now = set.find(({ configName }) => configName === name)?.configValue;
    // A higher minimum is accepted if there are enough replicas.
    if (name === MIN_IN_SYNC) return Number(now) >= Number(value) && Number(now) <= replicas;
    return now === value;
  };
  const wrong = neededConfig(replicas).filter((entry) => !isRight(entry));
  if (wrong.length === 0) return;
  const kept = set
    .filter(({ configName }) => !wrong.some(({ name }) => name === configName))
    .map(({ configName, configValue }) => ({ name: configName, value: configValue }));
  await admin.alterConfigs({
    validateOnly: false,
    resources: [{ type: TOPIC_RESOURCE, name: topic, configEntries: [...kept, ...wrong] }],
  });
}

/** Waits until every partition has a leader. A broker may not know a new topic yet. */
async function readTopics(admin: ReturnType<typeof createAdmin>, names: string[]) {
  const untilMs = realClock.nowMs() + LEADERS_WITHIN_MS;
  for (;;) {
    const found = await admin.fetchTopicMetadata({ topics: names }).catch((error: Error) => error);
    const missing = found instanceof Error ? found : undefined;
    const topics = found instanceof Error ? [] : found.topics;
    const led = topics.every(
      ({ partitions }) => partitions.length > 0 && partitions.every(({ leader }) => leader >= 0),
    );
    if (!missing && led) return topics;
    if (realClock.nowMs() >= untilMs) throw new Error(`topics without a leader: ${names}`, { cause: missing });
    await pause(realClock, LEADERS_PAUSE_MS);
  }
}

/** The first group on a new broker creates the topic of offsets. Until it has a leader, a worker could not join. */
async function findCoordinator(admin: ReturnType<typeof createAdmin>, topic: string): Promise<void> {
  const untilMs = realClock.nowMs() + LEADERS_WITHIN_MS;
  for (;;) {
    const error = await admin.fetchOffsets({ groupId: 'set-up', topics: [topic] }).then(
      () => undefined,
      (cause: Error) => cause,
    );
    if (!error) return;
    if (realClock.nowMs() >= untilMs) throw new Error('no coordinator of consumer groups', { cause: error });
    await pause(realClock, LEADERS_PAUSE_MS);
  }
}
