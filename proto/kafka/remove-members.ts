import { realClock, withDeadline } from '../process/clock.ts';
import { connectCoordinator, type KafkaTarget } from './kafka.ts';

/** A member of a consumer group. `clientId`: the name of the process. */
export type GroupMember = { memberId: string; clientId: string };

const WITHIN_MS = 3000;

/**
 * Removes dead members, so that their partitions are reassigned now and not after Kafka's session timeout. Resolves with the names of the
 * removed processes. A removed member that is alive joins again. Rejects if the brokers do not answer in time.
 */
export async function removeMembers(
  target: KafkaTarget,
  group: string,
  isDead: (member: GroupMember) => boolean,
): Promise<string[]> {
  const opening = connectCoordinator(target, group);
  const remove = async () => {
    const { coordinator } = await opening;
    const { groups } = await coordinator.describeGroups({ groupIds: [group] });
    const dead = groups.flatMap(({ members }) => members).filter(isDead);
    for (const { memberId } of dead) await coordinator.leaveGroup({ groupId: group, memberId });
    return dead.map(({ clientId }) => clientId);
  };
  try {
    return await withDeadline(realClock, WITHIN_MS, 'the group', remove());
  } finally {
    // Also closes a connection that opens after the deadline.
    const close = opening.then((connection) => connection.close()).catch(() => undefined);
    await withDeadline(realClock, WITHIN_MS, 'disconnect', close).catch(() => undefined);
  }
}
