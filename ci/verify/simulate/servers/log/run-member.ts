import { createPartitionIsolation } from '../../../../../proto/kafka/partition-isolation.ts';
import { type HandleBatch, NotOwnedError, workThroughBatch } from '../../../../../proto/kafka/work-through-batch.ts';
import { pause } from '../../../../../proto/process/clock.ts';
import type { SimulatedProcess } from '../../world/simulated-process.ts';
import type { World } from '../../world/world.ts';
import type { Group } from './group.ts';
import type { KeptRecord } from './log.ts';
import type { LogRoad } from './record-appender.ts';

export type MemberOptions = { maxBatch: number; handle: HandleBatch };

const MAX_FETCHED = 50;
const HEARTBEAT_MS = 500;
const LONGEST_POLL_MS = 250;
const FAILED_PAUSE_MS = 300;

/**
 * A member of the group, as far as kafkajs is one: joins, fetches from all its partitions at once, hands their batches over, also such
 * that are its own no more, and fetches again when all of them are done.
 */
export function runMember(
  world: World,
  process: SimulatedProcess,
  group: Group,
  road: LogRoad,
  options: MemberOptions,
): void {
  const { random, faults } = world;
  const { clock, name } = process;
  // As in kafkajs it outlives a membership.
  const paused = new Set<number>();
  const isolation = createPartitionIsolation({
    clock,
    pause: (partition) => paused.add(partition),
    resume: (partition) => paused.delete(partition),
    onStuck: (partition, isStuck) =>
      world.story.tell(() => `${name}: partition ${partition} ${isStuck ? 'is stuck' : 'goes on'}`),
  });
  const ask = async <T>(what: () => T): Promise<T> => {
    await world.travel(process, world.latencyMs());
    if (!road.isUp()) throw new Error('the brokers do not answer');
    const answer = what();
    await world.travel(process, world.latencyMs());
    return answer;
  };

  /** Resolves at a membership's end: all that was fetched under it is still worked on. */
  async function beMember(): Promise<void> {
    const { generation, partitions } = await ask(() => {
      if (!group.membershipOf(name)) group.join(name);
      return group.membershipOf(name) ?? { generation: -1, partitions: [] };
    });
    let stale = false;
    const heartbeat = async () => {
      if (await ask(() => group.heartbeat(name, generation))) return;
      stale = true;
      throw new NotOwnedError('the group is rebalancing');
    };
    const membership = { generation, isOwned: () => !stale, heartbeat, positions: new Map<number, number>() };
    const fetching = (async () => {
      while (!stale) {
        try {
          const active = partitions.filter((partition) => !paused.has(partition) && road.isUp(partition));
          const batches = await fetchAll(active, membership.positions);
          await Promise.all(batches.map(([partition, records]) => workOn(partition, records, membership)));
        } catch {
          membership.positions.clear();
          await pause(clock, FAILED_PAUSE_MS);
        }
      }
    })();
    while (!stale) {
      await pause(clock, HEARTBEAT_MS);
      await heartbeat().catch(() => undefined);
    }
    await fetching;
  }

  type Membership = {
    generation: number;
    isOwned(): boolean;
    heartbeat(): Promise<void>;
    positions: Map<number, number>;
  };

  /** Never rejects. */
  function workOn(partition: number, fetched: KeptRecord[], membership: Membership): Promise<void> {
    const { generation, isOwned, heartbeat, positions } = membership;
    const records = fetched.map((one) => ({ ...one, offset: BigInt(one.offset) }));
    const context = { heartbeat, isOwned, highWatermark: BigInt(road.log.ends(partition).end) };
    return isolation.run(partition, async (onChunk) => {
      await workThroughBatch(partition, records, context, {
        ...options,
        onChunk,
        resolve: (last) => void positions.set(partition, Number(last) + 1),
        async commit(next) {
          if (random.chance(faults.offsetCommitLost)) throw new Error('the offset was not committed');
          if (await ask(() => group.commit(name, generation, partition, Number(next)))) return;
          throw new NotOwnedError('an old generation commits nothing');
        },
      }).catch((error: unknown) => {
        positions.delete(partition);
        throw error;
      });
      const position = positions.get(partition);
      if (position !== undefined && random.chance(faults.recordsAgain)) {
        positions.set(partition, Math.max(0, position - random.whole(1, 5)));
      }
    });
  }

  /** What there is of each partition; nothing came after a while. */
  async function fetchAll(active: number[], positions: Map<number, number>): Promise<[number, KeptRecord[]][]> {
    const unknown = active.filter((partition) => !positions.has(partition));
    if (unknown.length > 0) {
      const committed = await ask(() => unknown.map((partition) => [partition, group.committed(partition)] as const));
      for (const [partition, offset] of committed) positions.set(partition, Math.max(offset, 0));
    }
    const read = (partition: number) => road.log.read(partition, positions.get(partition) ?? 0, MAX_FETCHED);
    const found = await ask(() => active.map((partition) => [partition, read(partition)] as const));
    for (const [partition, records] of found) {
      // Out of range: from the log's start.
      if (records === null) positions.set(partition, road.log.ends(partition).first);
    }
    const batches = found.flatMap(([partition, records]): [number, KeptRecord[]][] =>
      records && records.length > 0 ? [[partition, records]] : [],
    );
    if (batches.length > 0 || found.some(([, records]) => records === null)) return batches;
    await new Promise<void>((resolve) => {
      const wake = () => process.deliver(resolve);
      for (const partition of active) {
        road.log.onAppend(partition, () => world.time.after(world.latencyMs(), wake));
      }
      clock.setTimer(LONGEST_POLL_MS, resolve);
    });
    return [];
  }

  async function run(): Promise<void> {
    for (;;) {
      await beMember().catch(() => undefined);
      await pause(clock, random.between(50, FAILED_PAUSE_MS));
    }
  }
  process.onKill(() => world.random.chance(0.5) && group.leave(name));
  void run();
}
