import { pause } from '../../../proto/clock.ts';
import { type HandleBatch, workThroughBatch } from '../../../proto/work-through-batch.ts';
import type { SimulatedProcess } from '../start-process.ts';
import type { World } from '../world.ts';
import type { LogRoad } from './append-records.ts';
import type { Group } from './open-group.ts';
import type { KeptRecord } from './open-log.ts';

export type MemberOptions = { maxBatch: number; handle: HandleBatch };

const FETCHED_MOST = 50;
const HEARTBEAT_MS = 1000;
const LONGEST_POLL_MS = 2000;
const FAILED_PAUSE_MS = 300;

/** A member of the group, as far as kafkajs is one: joins, fetches, hands batches over, also such that are its own no more. */
export function runMember(
  world: World,
  process: SimulatedProcess,
  group: Group,
  road: LogRoad,
  options: MemberOptions,
): void {
  const { random, faults } = world;
  const { clock, name } = process;
  const ask = async <T>(what: () => T): Promise<T> => {
    await world.travel(process, world.latencyMs());
    if (!road.isUp()) throw new Error('the brokers do not answer');
    const answer = what();
    await world.travel(process, world.latencyMs());
    return answer;
  };

  /** Resolves with the start of a membership's end: it is stale, and all that was fetched under it is still worked on. */
  async function beMember(): Promise<void> {
    const { generation, partitions } = await ask(() => {
      if (!group.membershipOf(name)) group.join(name);
      return group.membershipOf(name) ?? { generation: -1, partitions: [] };
    });
    let stale = false;
    const heartbeat = async () => {
      if (await ask(() => group.heartbeat(name, generation))) return;
      stale = true;
      throw new Error('the group is rebalancing');
    };
    const work = partitions.map((partition) => workOn(partition, generation, () => stale, heartbeat));
    while (!stale) {
      await pause(clock, HEARTBEAT_MS);
      await heartbeat().catch(() => undefined);
    }
    await Promise.all(work);
  }

  async function workOn(
    partition: number,
    generation: number,
    isStale: () => boolean,
    heartbeat: () => Promise<void>,
  ): Promise<void> {
    let position: number | undefined;
    while (!isStale()) {
      try {
        position ??= await ask(() => group.committed(partition));
        const fetched = await fetch(partition, position);
        if (fetched === null) {
          // Out of range: from the log's start.
          position = await ask(() => road.log.ends(partition).first);
          continue;
        }
        if (fetched.length === 0) continue;
        const records = fetched.map((one) => ({ ...one, offset: BigInt(one.offset) }));
        const highWatermark = BigInt(road.log.ends(partition).end);
        // Fetched before a rebalance, handed over after it: as kafkajs does.
        await workThroughBatch(
          partition,
          records,
          { heartbeat, isOurs: () => !isStale(), highWatermark },
          {
            ...options,
            resolve(last) {
              position = Number(last) + 1;
            },
            async commit(next) {
              if (random.chance(faults.offsetCommitLost)) throw new Error('the offset was not committed');
              if (await ask(() => group.commit(name, generation, partition, Number(next)))) return;
              throw new Error('an old generation commits nothing');
            },
          },
        );
        if (random.chance(faults.recordsAgain)) position = Math.max(0, Number(position) - random.whole(1, 5));
      } catch {
        position = undefined;
        await pause(clock, FAILED_PAUSE_MS);
      }
    }
  }

  async function fetch(partition: number, from: number): Promise<KeptRecord[] | null> {
    const read = () => road.log.read(partition, Math.max(from, 0), FETCHED_MOST);
    const found = await ask(read);
    if (found === null || found.length > 0) return found;
    await new Promise<void>((resolve) => {
      const wake = () => process.deliver(resolve);
      road.log.onAppend(partition, () => world.time.after(world.latencyMs(), wake));
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
