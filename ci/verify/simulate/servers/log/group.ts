import type { World } from '../../world/world.ts';
import type { Log } from './log.ts';

export type Membership = { generation: number; partitions: number[] };

/** The group's coordinator: the owner and the committed offset of each partition. */
export type Group = {
  join(member: string): void;
  leave(member: string): void;
  /** Undefined: not a member. */
  membershipOf(member: string): Membership | undefined;
  /** False: the generation is over, or the member was removed. */
  heartbeat(member: string, generation: number): boolean;
  commit(member: string, generation: number, partition: number, next: number): boolean;
  /** -1: none. */
  committed(partition: number): number;
  /** Begins a generation with new owners. */
  rebalance(): void;
  /** Loses the committed offsets. */
  forgetOffsets(): void;
};

export function createGroup({ time, random, trace }: World, log: Log, sessionMs: number): Group {
  const members = new Map<string, { receivedMs: number }>();
  const offsets = new Map<number, number>();
  let owners = new Map<number, string>();
  let generation = 0;

  function rebalance(): void {
    generation += 1;
    const names = [...members.keys()];
    owners = new Map(names.length > 0 ? log.partitions.map((partition) => [partition, random.pick(names)]) : []);
    trace.add(() => `group: generation ${generation}, ${[...owners].map(([p, name]) => `${p} ${name}`).join(', ')}`);
  }

  function expire(member: string): void {
    const seen = members.get(member);
    if (!seen) return;
    const leftMs = seen.receivedMs + sessionMs - time.nowMs();
    if (leftMs > 0) time.after(leftMs, () => members.get(member) === seen && expire(member));
    else leave(member);
  }

  function leave(member: string): void {
    if (members.delete(member)) rebalance();
  }

  function heartbeat(member: string, memberGeneration: number): boolean {
    const seen = members.get(member);
    if (seen) seen.receivedMs = time.nowMs();
    return seen !== undefined && memberGeneration === generation;
  }

  return {
    leave,
    rebalance,
    join(member) {
      members.set(member, { receivedMs: time.nowMs() });
      expire(member);
      rebalance();
    },
    membershipOf(member) {
      if (!members.has(member)) return undefined;
      return { generation, partitions: log.partitions.filter((partition) => owners.get(partition) === member) };
    },
    heartbeat,
    commit(member, memberGeneration, partition, next) {
      if (!heartbeat(member, memberGeneration)) return false;
      offsets.set(partition, next);
      return true;
    },
    committed: (partition) => offsets.get(partition) ?? -1,
    forgetOffsets: () => offsets.clear(),
  };
}
