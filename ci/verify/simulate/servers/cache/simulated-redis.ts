import type { VirtualTime } from '../../world/virtual-time.ts';

/** The part of Redis that the order path uses: strings that expire, and channels. */
export type SimulatedRedis = {
  get(key: string): string | null;
  /** Milliseconds left; -1: no expiry, -2: no such key. */
  pTTL(key: string): number;
  /** Null: `onlyNew` is set and the key exists. */
  set(key: string, value: string, options: { expiresAfterMs: number | null; onlyNew: boolean }): 'OK' | null;
  del(keys: string[]): number;
  /** Returns the number of subscribers. */
  publish(channel: string, message: Buffer): number;
  /** Returns a function that unsubscribes. */
  subscribe(channel: string, onMessage: (message: Buffer) => void): () => void;
  wipe(): void;
};

export function createSimulatedRedis(time: VirtualTime): SimulatedRedis {
  const kept = new Map<string, { value: string; untilMs: number }>();
  const channels = new Map<string, Set<(message: Buffer) => void>>();

  function find(key: string) {
    const entry = kept.get(key);
    if (entry && entry.untilMs <= time.nowMs()) kept.delete(key);
    return kept.get(key);
  }

  return {
    get: (key) => find(key)?.value ?? null,
    pTTL(key) {
      const untilMs = find(key)?.untilMs;
      if (untilMs === undefined) return -2;
      return untilMs === Number.POSITIVE_INFINITY ? -1 : Math.ceil(untilMs - time.nowMs());
    },
    set(key, value, { expiresAfterMs, onlyNew }) {
      if (onlyNew && find(key)) return null;
      kept.set(key, { value, untilMs: time.nowMs() + (expiresAfterMs ?? Number.POSITIVE_INFINITY) });
      return 'OK';
    },
    del(keys) {
      const found = keys.filter((key) => find(key));
      for (const key of found) kept.delete(key);
      return found.length;
    },
    publish(channel, message) {
      const subscribers = channels.get(channel) ?? new Set();
      for (const onMessage of subscribers) onMessage(message);
      return subscribers.size;
    },
    subscribe(channel, onMessage) {
      const subscribers = channels.get(channel) ?? new Set();
      channels.set(channel, subscribers.add(onMessage));
      return () => subscribers.delete(onMessage);
    },
    wipe: () => kept.clear(),
  };
}
