import type { SimulatedProcess } from '../../world/simulated-process.ts';
import type { World } from '../../world/world.ts';
import type { Group } from './group.ts';
import type { KeptRecord } from './log.ts';
import type { LogAccess } from './record-appender.ts';

export type FetchedRecords = { partition: number; records: KeptRecord[] };
export type FetchOptions = {
  world: World;
  process: SimulatedProcess;
  group: Group;
  access: LogAccess;
  /** A request to the brokers and back. */
  ask<T>(what: () => T): Promise<T>;
};

const MAX_FETCHED = 50;
const MAX_POLL_MS = 250;

/** Fetches from each partition's position; resolves empty if no records come in time. Sets positions that are unknown or out of range. */
export async function fetchRecords(
  { world, process, group, access, ask }: FetchOptions,
  partitions: number[],
  positions: Map<number, number>,
): Promise<FetchedRecords[]> {
  const { log } = access;
  const unknown = partitions.filter((partition) => !positions.has(partition));
  if (unknown.length > 0) {
    const committed = await ask(() => unknown.map((partition) => [partition, group.committed(partition)] as const));
    for (const [partition, offset] of committed) positions.set(partition, Math.max(offset, 0));
  }
  const found = await ask(() =>
    partitions.map((partition) => ({
      partition,
      records: log.read(partition, positions.get(partition) ?? 0, MAX_FETCHED),
    })),
  );
  const outOfRange = found.filter(({ records }) => records === null);
  for (const { partition } of outOfRange) positions.set(partition, log.ends(partition).first);
  const batches = found.flatMap(({ partition, records }) => (records?.length ? { partition, records } : []));
  if (batches.length > 0 || outOfRange.length > 0) return batches;
  await new Promise<void>((resolve) => {
    const wake = () => process.deliver(resolve);
    for (const partition of partitions) {
      log.onAppend(partition, () => world.time.after(world.latencyMs(), wake));
    }
    process.clock.setTimer(MAX_POLL_MS, resolve);
  });
  return [];
}
