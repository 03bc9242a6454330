import { realClock, withDeadline } from '../process/clock.ts';
import { connectCoordinator, type KafkaTarget } from './kafka.ts';

/** A member of a group as its coordinator knows it. `clientId`: the name of the process. */
export type GroupMember = { memberId: string; clientId: string };

const WITHIN_MS = 3000;

/**
 * Ends the memberships of processes that are dead, so that their partitions go to others now and not when Kafka's session is over.
 * Returns the names of those that were removed. One that lives after all joins again. Rejects where the brokers do not answer in time.
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
    // Also one that is open only after the deadline.
    const close = opening.then((one) => one.close()).catch(() => undefined);
    await withDeadline(realClock, WITHIN_MS, 'disconnect', close).catch(() => undefined);
  }
}
