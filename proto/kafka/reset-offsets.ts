import { connectCoordinator, createAdmin, disconnect, type KafkaTarget } from './kafka.ts';

/** The new offset of a group (`to`), its previous one (`from`), and the next offset of the log. -1: the first record. */
export type MovedOffset = { partition: number; from: bigint; to: bigint; end: bigint };

// Accepted by Kafka while the group has no members.
const NO_MEMBER = { memberId: '', groupGenerationId: -1 };

/**
 * Resets a group to the first record of each partition since `sinceMs` (the log's time, milliseconds since 1970). Never moves an offset
 * forward, so no record is skipped. Rejects while the group has members.
 */
export async function resetOffsets(
  target: KafkaTarget,
  { topic, group, sinceMs }: { topic: string; group: string; sinceMs: number },
): Promise<MovedOffset[]> {
  const admin = createAdmin(target);
  await admin.connect();
  try {
    const ends = await admin.fetchTopicOffsets(topic);
    const since = await admin.fetchTopicOffsetsByTimestamp(topic, sinceMs);
    const committed = await admin.fetchOffsets({ groupId: group, topics: [topic] });
    const committedOf = new Map(committed[0]?.partitions.map(({ partition, offset }) => [partition, BigInt(offset)]));
    const sinceOf = new Map(since.map(({ partition, offset }) => [partition, BigInt(offset)]));
    const moved = ends.map(({ partition, high }) => {
      const from = committedOf.get(partition) ?? -1n;
      const first = sinceOf.get(partition) ?? from;
      return { partition, from, to: first < from ? first : from, end: BigInt(high) };
    });
    await commitOffsets(target, { topic, group }, moved);
    return moved.sort((a, b) => a.partition - b.partition);
  } finally {
    await disconnect(admin);
  }
}

/** Rejects with the names of the members while the group has any. */
export async function rejectMembers(target: KafkaTarget, group: string): Promise<void> {
  const { coordinator, close } = await connectCoordinator(target, group);
  try {
    await checkIsEmpty(coordinator, group);
  } finally {
    await close();
  }
}

type Coordinator = Awaited<ReturnType<typeof connectCoordinator>>['coordinator'];

async function checkIsEmpty(coordinator: Coordinator, group: string): Promise<void> {
  const { groups } = await coordinator.describeGroups({ groupIds: [group] });
  const members = groups.flatMap(({ members }) => members.map(({ clientId }) => clientId));
  if (members.length > 0) throw new Error(`the group has members; stop them first: ${members.join(', ')}`);
}

async function commitOffsets(
  target: KafkaTarget,
  { topic, group }: { topic: string; group: string },
  moved: MovedOffset[],
): Promise<void> {
  const { coordinator, close } = await connectCoordinator(target, group);
  try {
    await checkIsEmpty(coordinator, group);
    const partitions = moved
      .filter(({ from, to }) => to !== from)
      .map(({ partition, to }) => ({ partition, offset: String(to) }));
    if (partitions.length === 0) return;
    await coordinator.offsetCommit({ groupId: group, ...NO_MEMBER, topics: [{ topic, partitions }] });
  } finally {
    await close();
  }
}
