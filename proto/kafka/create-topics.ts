import { pause, realClock } from '../process/clock.ts';
import { createAdmin, disconnect, type KafkaTarget } from './kafka.ts';
import { ORDER_PARTITIONS } from './partition-of.ts';
import { ORDER_RETENTION_DAYS, topicNames } from './topics.ts';

const SEGMENT_MS = 6 * 3_600_000;
const TIME_TYPE = 'message.timestamp.type';
const MIN_IN_SYNC = 'min.insync.replicas';
// As Kafka's protocol has them; kafkajs's enums are for kafka.ts alone.
const TOPIC_RESOURCE = 2;
const SET_FOR_TOPIC = 1;
const LEADERS_WITHIN_MS = 15_000;
const LEADERS_PAUSE_MS = 100;

/** Makes the topics that are missing, with `replicas` copies of each partition. */
export async function createTopics(target: KafkaTarget & { topicPrefix: string; replicas?: number }): Promise<void> {
  const names = topicNames(target.topicPrefix);
  await ensureTopics(
    target,
    [
      { topic: names.orders, partitions: ORDER_PARTITIONS, retentionDays: ORDER_RETENTION_DAYS },
      { topic: names.ordersDead, partitions: 1, retentionDays: 4 * ORDER_RETENTION_DAYS },
      { topic: names.orderEvents, partitions: ORDER_PARTITIONS, retentionDays: ORDER_RETENTION_DAYS },
    ],
    target.replicas ?? 1,
  );
}

type TopicPlan = { topic: string; partitions: number; retentionDays: number };

/**
 * Makes the topics that are missing, and sets what the order path relies on where they are there already. Rejects when one is
 * there with another number of partitions.
 */
export async function ensureTopics(target: KafkaTarget, plans: TopicPlan[], replicas: number): Promise<void> {
  const admin = createAdmin(target);
  await admin.connect();
  try {
    const there = new Set(await admin.listTopics());
    await admin.createTopics({
      // kafkajs would wait for leaders, but gives up where a broker does not know the new topic yet: see readTopics.
      waitForLeaders: false,
      topics: plans
        .filter(({ topic }) => !there.has(topic))
        .map(({ topic, partitions, retentionDays }) => ({
          topic,
          numPartitions: partitions,
          replicationFactor: replicas,
          configEntries: [
            { name: 'retention.ms', value: String(retentionDays * 86_400_000) },
            // Only whole segments are deleted: with Kafka's default of 7 days a record could live twice as long as it may.
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
 * The log's own time: by a producer's clock records would be refused, kept too long or not long enough. And what was acknowledged
 * is on two brokers where there are three copies, so that one may be lost, and one may be away.
 */
function neededConfig(replicas: number) {
  return [
    { name: TIME_TYPE, value: 'LogAppendTime' },
    { name: MIN_IN_SYNC, value: replicas > 2 ? '2' : '1' },
  ];
}

/** Of a topic that is there. The rest of its configuration stays as it is. */
async function setConfig(admin: ReturnType<typeof createAdmin>, topic: string, replicas: number): Promise<void> {
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: TOPIC_RESOURCE, name: topic }],
  });
  const entries = resources[0]?.configEntries ?? [];
  // Kafka forgets what it is not told again.
  const set = entries.filter((entry) => (entry as { configSource?: number }).configSource === SET_FOR_TOPIC);
  const isRight = ({ name, value }: { name: string; value: string }) => {
    const now = set.find(({ configName }) => configName === name)?.configValue;
    // More brokers in sync than we ask for are right, as long as there are so many.
    if (name === MIN_IN_SYNC) return Number(now) >= Number(value) && Number(now) <= replicas;
    return now === value;
  };
  const wrong = neededConfig(replicas).filter((one) => !isRight(one));
  if (wrong.length === 0) return;
  const kept = set
    .filter(({ configName }) => !wrong.some(({ name }) => name === configName))
    .map(({ configName, configValue }) => ({ name: configName, value: configValue }));
  await admin.alterConfigs({
    validateOnly: false,
    resources: [{ type: TOPIC_RESOURCE, name: topic, configEntries: [...kept, ...wrong] }],
  });
}

/** The topics once every partition has a leader. For a moment after they were made a broker may not know them at all. */
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
    if (realClock.nowMs() >= untilMs) throw new Error(`no leaders of the topics ${names}`, { cause: missing });
    await pause(realClock, LEADERS_PAUSE_MS);
  }
}

/** On a new broker the first group makes the topic that keeps offsets. Until that is led, a worker that joins would give up. */
async function findCoordinator(admin: ReturnType<typeof createAdmin>, topic: string): Promise<void> {
  const untilMs = realClock.nowMs() + LEADERS_WITHIN_MS;
  for (;;) {
    const error = await admin.fetchOffsets({ groupId: 'set-up', topics: [topic] }).then(
      () => undefined,
      (cause: Error) => cause,
    );
    if (!error) return;
    if (realClock.nowMs() >= untilMs) throw new Error('no coordinator for consumer groups', { cause: error });
    await pause(realClock, LEADERS_PAUSE_MS);
  }
}
