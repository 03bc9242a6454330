import { LRUCache } from 'lru-cache';
import { runForAll } from './caller-scope.ts';
import type { Clock } from './clock.ts';

/**
 * A value and two bounds of its age. `freshForMs`: how much longer it may be used, counted from before the read; 0 or less: it is stale.
 * `heldMs`: the minimum time since the source answered.
 */
export type Fresh<V> = { value: V; freshForMs: number; heldMs: number };

export type FreshCache<K, V> = {
  /** Returns the cached value if it is fresh, otherwise a promise of a loaded one. */
  read(key: K): Fresh<V> | Promise<Fresh<V>>;
  /** Returns the last loaded value, even if it is stale. */
  lastKnown(key: K): Fresh<V> | undefined;
};

/**
 * Caches what `load` returns for as long as it is fresh, counted from before the load. Concurrent reads of a key share one load. Holds at
 * most `maxEntries`.
 */
export function createFreshCache<K extends string | number, V>(
  clock: Clock,
  maxEntries: number,
  load: (key: K) => Promise<Fresh<V>>,
): FreshCache<K, V> {
  const held = new LRUCache<K, { value: { of: V }; untilMs: number; answeredMs: number }>({ max: maxEntries });
  const loading = new Map<K, Promise<Fresh<V>>>();

  async function loadAnew(key: K): Promise<Fresh<V>> {
    const startedMs = clock.nowMs();
    const { value, freshForMs, heldMs } = await runForAll(() => load(key));
    const nowMs = clock.nowMs();
    const untilMs = startedMs + freshForMs;
    held.set(key, { value: { of: value }, untilMs, answeredMs: nowMs - heldMs });
    return { value, freshForMs: untilMs - nowMs, heldMs };
  }

  function lastKnown(key: K): Fresh<V> | undefined {
    const entry = held.get(key);
    if (!entry) return undefined;
    const nowMs = clock.nowMs();
    return { value: entry.value.of, freshForMs: entry.untilMs - nowMs, heldMs: nowMs - entry.answeredMs };
  }

  return {
    lastKnown,
    read(key) {
      const known = lastKnown(key);
      if (known && known.freshForMs > 0) return known;
      let load = loading.get(key);
      if (!load) {
        load = loadAnew(key).finally(() => loading.delete(key));
        loading.set(key, load);
      }
      return load;
    },
  };
}

const COSTLY_FRESH_MS = 1000;
const SHARE_OF_TIME = 10;

/**
 * Loads a value that takes long to read. It stays fresh for ten times as long, at least a second, so that a process spends at most a tenth of
 * its time on it.
 */
export async function freshByCost<V>(clock: Clock, load: () => Promise<V>): Promise<Fresh<V>> {
  const startedMs = clock.nowMs();
  const value = await load();
  return { value, freshForMs: Math.max(COSTLY_FRESH_MS, SHARE_OF_TIME * (clock.nowMs() - startedMs)), heldMs: 0 };
}
