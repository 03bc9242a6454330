import { createAdmin, disconnect } from '../../../../proto/kafka/kafka.ts';
import { waitUntil } from '../../../command/wait-until.ts';
import { findFreePorts } from '../../../local/ports/find-free-ports.ts';
import { startSecondKafka } from '../../../local/servers/start-kafka.ts';
import type { FaultSystem } from './fault-system.ts';

const MOVED_WITHIN_MS = 30_000;
const [FIRST, SECOND] = [1, 2];
const NAME = 'kafka-2';

export type SecondBroker = {
  /** Moves a partition from the first broker to this one. */
  takePartition(topic: string, partition: number): Promise<void>;
  /** Stops the broker; its partition then has no leader. */
  halt(): Promise<void>;
  /** Restarts the broker, moves the partition back to the first one, and stops the broker. */
  close(): Promise<void>;
};

/** Starts a second broker. It has one partition only and is not behind the links. */
export async function startSecondBroker(system: FaultSystem): Promise<SecondBroker> {
  const { supervisor, config, links } = system;
  const detours = links.detours.kafka;
  const [port = 0, ...more] = await findFreePorts(1 + detours.length);
  const isKnown = supervisor.list().some(({ name }) => name === NAME);
  // Clients behind a link connect to it directly.
  const ports = { port, controllerPort: config.KAFKA_CONTROLLER_PORT };
  if (isKnown) await supervisor.replace(NAME);
  else
    await startSecondKafka(supervisor, {
      ...ports,
      detours: more.map((detour) => ({ port: detour, advertisedPort: detour })),
    });
  let moved: { topic: string; partition: number } | undefined;

  /** Resolves when this broker is the only replica and the leader of the partition. */
  async function move(topic: string, partition: number, broker: number): Promise<void> {
    const admin = createAdmin(system.kafka);
    await admin.connect();
    try {
      const partitionAssignment = [{ partition, replicas: [broker] }];
      await admin.alterPartitionReassignments({ topics: [{ topic, partitionAssignment }] });
      const check = async () => {
        const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
        const found = topics[0]?.partitions.find(({ partitionId }) => partitionId === partition);
        if (found?.leader !== broker || found.replicas.length !== 1) throw new Error(`the leader is ${found?.leader}`);
      };
      await waitUntil(`partition ${partition} to be on broker ${broker}`, check, { limitMs: MOVED_WITHIN_MS });
    } finally {
      await disconnect(admin);
    }
  }

  return {
    async takePartition(topic, partition) {
      moved = { topic, partition };
      await move(topic, partition, SECOND);
    },
    halt: () => supervisor.halt(NAME),
    async close() {
      if (supervisor.pidOf(NAME) === undefined) await supervisor.replace(NAME);
      if (moved) await move(moved.topic, moved.partition, FIRST);
      await supervisor.halt(NAME);
    },
  };
}
