import type { World } from '../../world/world.ts';
import type { Log } from './log.ts';

export type Membership = { generation: number; partitions: number[] };

/** The group's coordinator: who owns which partition, and how far each was worked off. */
export type Group = {
  join(member: string): void;
  leave(member: string): void;
  /** Undefined: not a member, join first. */
  membershipOf(member: string): Membership | undefined;
  /** False: a new generation, or not a member any more. */
  heartbeat(member: string, generation: number): boolean;
  commit(member: string, generation: number, partition: number, next: number): boolean;
  /** -1: none. */
  committed(partition: number): number;
  /** All owners change. */
  rebalance(): void;
  /** The committed offsets are lost. */
  forgetOffsets(): void;
};

export function createGroup({ time, random, story }: World, log: Log, sessionMs: number): Group {
  const members = new Map<string, { receivedMs: number }>();
  const offsets = new Map<number, number>();
  let owners = new Map<number, string>();
  let generation = 0;

  function rebalance(): void {
    generation += 1;
    const names = [...members.keys()];
    owners = new Map(names.length > 0 ? log.partitions.map((partition) => [partition, random.pick(names)]) : []);
    story.tell(() => `group: generation ${generation}, ${[...owners].map(([p, name]) => `${p} ${name}`).join(', ')}`);
  }

  function watch(member: string): void {
    const seen = members.get(member);
    if (!seen) return;
    const leftMs = seen.receivedMs + sessionMs - time.nowMs();
    if (leftMs > 0) time.after(leftMs, () => members.get(member) === seen && watch(member));
    else leave(member);
  }

  function leave(member: string): void {
    if (members.delete(member)) rebalance();
  }

  function hear(member: string, of: number): boolean {
    const seen = members.get(member);
    if (seen) seen.receivedMs = time.nowMs();
    return seen !== undefined && of === generation;
  }

  return {
    leave,
    rebalance,
    join(member) {
      members.set(member, { receivedMs: time.nowMs() });
      watch(member);
      rebalance();
    },
    membershipOf(member) {
      if (!members.has(member)) return undefined;
      return { generation, partitions: log.partitions.filter((partition) => owners.get(partition) === member) };
    },
    heartbeat: hear,
    commit(member, of, partition, next) {
      if (!hear(member, of)) return false;
      offsets.set(partition, next);
      return true;
    },
    committed: (partition) => offsets.get(partition) ?? -1,
    forgetOffsets: () => offsets.clear(),
  };
}
