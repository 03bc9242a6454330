import { type Clock, withDeadline } from '../../proto/process/clock.ts';
import { REDIS_DEADLINE_MS, type RedisClient } from './connect-redis.ts';

/** Longer than a provider's pause between two reads. The committed offsets follow the decisions within seconds. */
const KEPT_MS = 10_000;

/** Tells the providers that the orders before the offset `next` are decided. A lost message makes their counts too high for a while. */
export function publishDecidedOffset(redis: RedisClient, partition: number, next: bigint): void {
  const expiration = { type: 'PX', value: KEPT_MS } as const;
  redis.set(redis.names.decidedOffset(partition), String(next), { expiration }).catch(() => undefined);
}

/** By partition. Empty without Redis. */
export async function readDecidedOffsets(
  clock: Clock,
  redis: RedisClient,
  partitions: number[],
): Promise<Map<number, bigint>> {
  const offsets = new Map<number, bigint>();
  const read = async (partition: number) => {
    const next = await redis.get(redis.names.decidedOffset(partition));
    if (next !== null && /^\d{1,19}$/.test(String(next))) offsets.set(partition, BigInt(next));
  };
  await withDeadline(clock, REDIS_DEADLINE_MS, 'decided offsets', Promise.all(partitions.map(read))).catch(
    () => undefined,
  );
  return offsets;
}
