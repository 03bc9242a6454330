import { LRUCache } from 'lru-cache';
import { runForAll } from './caller-scope.ts';
import type { Clock } from './clock.ts';

/**
 * A value and two bounds of its age. `freshForMs`: how much longer it may be used, counted from before the read began; 0 or less: it is
 * too old. `heldMs`: how long ago at least the source answered.
 */
export type Fresh<V> = { value: V; freshForMs: number; heldMs: number };

export type FreshMemory<K, V> = {
  /** What is held, as it is; a promise only where a load is needed. */
  read(key: K): Fresh<V> | Promise<Fresh<V>>;
  /** What was loaded last, however old. */
  lastKnown(key: K): Fresh<V> | undefined;
};

/**
 * Remembers what `load` returns for as long as that says it is fresh, counted from before the load began, and loads a key
 * once however many ask for it at the same time. Holds at most `maxEntries`.
 */
export function keepFresh<K extends string | number, V>(
  clock: Clock,
  maxEntries: number,
  load: (key: K) => Promise<Fresh<V>>,
): FreshMemory<K, V> {
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
