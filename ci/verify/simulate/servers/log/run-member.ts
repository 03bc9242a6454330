import { startOffsetCommitter } from '../../../../../proto/kafka/offset-committer.ts';
import { createPartitionIsolation } from '../../../../../proto/kafka/partition-isolation.ts';
import type { CommittableOffsets } from '../../../../../proto/kafka/topic-consumer.ts';
import { type HandleBatch, NotOwnedError, workThroughBatch } from '../../../../../proto/kafka/work-through-batch.ts';
import { pause } from '../../../../../proto/process/clock.ts';
import type { SimulatedProcess } from '../../world/simulated-process.ts';
import type { World } from '../../world/world.ts';
import { type FetchedRecords, fetchRecords } from './fetch-records.ts';
import type { Group } from './group.ts';
import type { LogAccess } from './record-appender.ts';

export type MemberOptions = {
  world: World;
  process: SimulatedProcess;
  group: Group;
  access: LogAccess;
  maxBatch: number;
  handle: HandleBatch;
  /** As in startTopicConsumer. */
  beforeCommit(offsets: Map<number, bigint>): Promise<CommittableOffsets>;
};

/** A member's stay in the group, until the next rebalance. */
type Membership = {
  generation: number;
  isOwned(): boolean;
  heartbeat(): Promise<void>;
  /** The next offset of each partition. */
  positions: Map<number, number>;
};

const HEARTBEAT_MS = 500;
const COMMIT_EVERY_MS = 1000;
const FAILED_PAUSE_MS = 300;

/**
 * A member of the group with the behaviour of kafkajs: it fetches from all its partitions at once, handles their batches, also those of
 * partitions that it has lost since, and fetches again when all are handled.
 */
export function runMember({ world, process, group, access, maxBatch, handle, beforeCommit }: MemberOptions): void {
  const { random, faults } = world;
  const { clock, name } = process;
  // As in kafkajs, a pause outlasts a membership.
  const paused = new Set<number>();
  const isolation = createPartitionIsolation({
    clock,
    pause: (partition) => paused.add(partition),
    resume: (partition) => paused.delete(partition),
    onStuck: (partition, isStuck) =>
      world.trace.add(() => `${name}: partition ${partition} ${isStuck ? 'is stuck' : 'goes on'}`),
  });
  let generationNow = -1;
  const committer = startOffsetCommitter({
    clock,
    everyMs: COMMIT_EVERY_MS,
    async commit(offsets) {
      const generation = generationNow;
      const { ready, later } = await beforeCommit(offsets);
      if (random.chance(faults.offsetCommitLost)) throw new Error('the offset was not committed');
      const commitAll = () =>
        [...ready].every(([partition, next]) => group.commit(name, generation, partition, Number(next)));
      if (!(await ask(commitAll))) throw new NotOwnedError('an old generation commits nothing');
      return later;
    },
  });
  const ask = async <T>(what: () => T): Promise<T> => {
    await world.travel(process, world.latencyMs());
    if (!access.isUp()) throw new Error('the brokers do not answer');
    const answer = what();
    await world.travel(process, world.latencyMs());
    return answer;
  };

  /** Resolves when the membership has ended and all its records are handled. */
  async function beMember(): Promise<void> {
    const { generation, partitions } = await ask(() => {
      if (!group.membershipOf(name)) group.join(name);
      return group.membershipOf(name) ?? { generation: -1, partitions: [] };
    });
    generationNow = generation;
    committer.keepOnly(partitions);
    let stale = false;
    const heartbeat = async () => {
      if (await ask(() => group.heartbeat(name, generation))) return;
      stale = true;
      throw new NotOwnedError('the group is rebalancing');
    };
    const membership = { generation, isOwned: () => !stale, heartbeat, positions: new Map<number, number>() };
    const fetching = fetchUntilStale(partitions, membership);
    while (!stale) {
      await pause(clock, HEARTBEAT_MS);
      await heartbeat().catch(() => undefined);
    }
    await fetching;
  }

  async function fetchUntilStale(partitions: number[], membership: Membership): Promise<void> {
    const { positions } = membership;
    while (membership.isOwned()) {
      try {
        const active = partitions.filter((partition) => !paused.has(partition) && access.isUp(partition));
        const batches = await fetchRecords({ world, process, group, access, ask }, active, positions);
        await Promise.all(batches.map((batch) => handleRecords(batch, membership)));
      } catch {
        positions.clear();
        await pause(clock, FAILED_PAUSE_MS);
      }
    }
  }

  /** Never rejects. */
  function handleRecords({ partition, records }: FetchedRecords, membership: Membership): Promise<void> {
    const { isOwned, heartbeat, positions } = membership;
    const batch = records.map((record) => ({ ...record, offset: BigInt(record.offset) }));
    const context = { heartbeat, isOwned, highWatermark: BigInt(access.log.ends(partition).end) };
    return isolation.run(partition, async (onChunk) => {
      await workThroughBatch(partition, batch, context, {
        maxBatch,
        handle,
        onChunk,
        resolve: (last) => void positions.set(partition, Number(last) + 1),
        commit: async (next) => committer.note(partition, next),
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

  async function run(): Promise<void> {
    for (;;) {
      await beMember().catch(() => undefined);
      await pause(clock, random.between(50, FAILED_PAUSE_MS));
    }
  }
  process.onKill(() => random.chance(0.5) && group.leave(name));
  void run();
}
