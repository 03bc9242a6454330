import { LRUCache } from 'lru-cache';
import type { Clock } from '../../proto/process/clock.ts';
import type { Identity } from '../auth/identity-reader.ts';
import { type Problem, tooManyRequests } from '../http/problem.ts';
import type { ConsumerConfig } from '../settings/settings-schema.ts';

/** Why this buyer may not order or enter from his device; null: he may. A repeat of the same buyer counts once. */
export type DeviceLimit = (caller: Pick<Identity, 'buyer' | 'device'>, sid: number) => Problem | null;

type Window = { buyers: Set<string>; untilMs: number };

const MAX_DEVICES = 100_000;

/**
 * Limits the buyers who order or enter from one device (DEVICE_CLAIM), for each stock and window, in this process only. A token without the claim
 * is not limited. Null: DEVICE_LIMIT is 0.
 */
export function createDeviceLimit(
  clock: Clock,
  { DEVICE_LIMIT: limit, DEVICE_WINDOW: windowSeconds }: Pick<ConsumerConfig, 'DEVICE_LIMIT' | 'DEVICE_WINDOW'>,
): DeviceLimit | null {
  if (limit === 0) return null;
  const windows = new LRUCache<string, Window>({ max: MAX_DEVICES });
  return ({ buyer, device }, sid) => {
    if (device === null) return null;
    const nowMs = clock.nowMs();
    const key = `${sid} ${device}`;
    let window = windows.get(key);
    if (!window || nowMs >= window.untilMs) {
      window = { buyers: new Set(), untilMs: nowMs + windowSeconds * 1000 };
      windows.set(key, window);
    }
    const { buyers, untilMs } = window;
    if (!buyers.has(buyer) && buyers.size >= limit) return tooManyRequests(untilMs - nowMs);
    buyers.add(buyer);
    return null;
  };
}
