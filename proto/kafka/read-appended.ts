import { createCluster, disconnect, type KafkaMessage, type KafkaTarget } from './kafka.ts';

export type AppendedReader = {
  /** The records of a partition from `offset` on, in one request; none if there are none within the wait. */
  read(partition: number, offset: bigint): Promise<KafkaMessage[]>;
  close(): Promise<void>;
};

const WAIT_MS = 100;
const MAX_BYTES = 1024 * 1024;

/** Reads records by their offset, without a group, so that nothing is left of the reader. */
export async function connectAppendedReader(target: KafkaTarget, topic: string): Promise<AppendedReader> {
  const cluster = createCluster(target);
  const close = () => disconnect(cluster);
  try {
    await cluster.connect();
    await cluster.addTargetTopic(topic);
  } catch (error) {
    await close();
    throw error;
  }
  let last: Promise<unknown> = Promise.resolve();

  async function read(partition: number, offset: bigint): Promise<KafkaMessage[]> {
    const [nodeId] = Object.keys(cluster.findLeaderForPartitions(topic, [partition]));
    if (nodeId === undefined) throw new Error(`${topic}: partition ${partition} has no leader`);
    const broker = await cluster.findBroker({ nodeId });
    const from = { partition, fetchOffset: String(offset), maxBytes: MAX_BYTES };
    const { responses } = await broker.fetch({
      maxWaitTime: WAIT_MS,
      minBytes: 1,
      maxBytes: MAX_BYTES,
      topics: [{ topic, partitions: [from] }],
    });
    return responses[0]?.partitions[0]?.messages ?? [];
  }

  return {
    // One after the other: kafkajs opens a connection for each of several first requests, and closes only the last.
    read(partition, offset) {
      const result = last.then(() => read(partition, offset));
      last = result.catch(() => undefined);
      return result;
    },
    close,
  };
}
