import type { RedisClient } from '../../db/redis/connect-redis.ts';
import { readDecidedOffsets } from '../../db/redis/decided-offsets.ts';
import type { LagReader } from '../../proto/kafka/kafka.ts';
import { realClock } from '../../proto/process/clock.ts';
import { addDecidedOffsets } from './pending-counter.ts';

type Lag = Awaited<ReturnType<LagReader['read']>>;

/** By partition: the next offset of the log, and the offset up to which the workers have decided. */
export async function readPending(lag: LagReader, redis: RedisClient): Promise<Lag> {
  const offsets = await lag.read();
  return addDecidedOffsets(offsets, await readDecidedOffsets(realClock, redis, [...offsets.keys()]));
}

/** Pending records by partition. */
export function countPending(lag: Lag): Record<string, number> {
  const counts = [...lag].map(([partition, { end, committed }]) => {
    return [partition, Number(end - (committed < 0n ? 0n : committed))] as const;
  });
  return Object.fromEntries(counts);
}
