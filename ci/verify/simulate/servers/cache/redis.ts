import type { VirtualTime } from '../../world/virtual-time.ts';

/** Redis as far as the order path uses it: texts that expire, and channels. */
export type Redis = {
  get(key: string): string | null;
  /** Milliseconds left; -1: for ever, -2: not there. */
  pTTL(key: string): number;
  /** Null: `onlyNew`, and it was there. */
  set(key: string, value: string, options: { expiresAfterMs: number | null; onlyNew: boolean }): 'OK' | null;
  del(keys: string[]): number;
  /** How many have heard it. */
  publish(channel: string, message: Buffer): number;
  /** Returns what ends it. */
  subscribe(channel: string, hear: (message: Buffer) => void): () => void;
  wipe(): void;
};

export function createRedis(time: VirtualTime): Redis {
  const kept = new Map<string, { value: string; untilMs: number }>();
  const channels = new Map<string, Set<(message: Buffer) => void>>();

  function look(key: string) {
    const entry = kept.get(key);
    if (entry && entry.untilMs <= time.nowMs()) kept.delete(key);
    return kept.get(key);
  }

  return {
    get: (key) => look(key)?.value ?? null,
    pTTL(key) {
      const untilMs = look(key)?.untilMs;
      if (untilMs === undefined) return -2;
      return untilMs === Number.POSITIVE_INFINITY ? -1 : Math.ceil(untilMs - time.nowMs());
    },
    set(key, value, { expiresAfterMs, onlyNew }) {
      if (onlyNew && look(key)) return null;
      kept.set(key, { value, untilMs: time.nowMs() + (expiresAfterMs ?? Number.POSITIVE_INFINITY) });
      return 'OK';
    },
    del(keys) {
      const found = keys.filter((key) => look(key));
      for (const key of found) kept.delete(key);
      return found.length;
    },
    publish(channel, message) {
      const hearers = channels.get(channel) ?? new Set();
      for (const hear of hearers) hear(message);
      return hearers.size;
    },
    subscribe(channel, hear) {
      const hearers = channels.get(channel) ?? new Set();
      channels.set(channel, hearers.add(hear));
      return () => hearers.delete(hear);
    },
    wipe: () => kept.clear(),
  };
}
