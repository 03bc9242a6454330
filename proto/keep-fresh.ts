import { LRUCache } from 'lru-cache';
import { runForAll } from './caller-scope.ts';
import type { Clock } from './clock.ts';

/** A value and how much longer it may be used. */
export type Fresh<V> = { value: V; freshForMs: number };

/**
 * Remembers what `load` returns for as long as that says it is fresh, counted from before the load began, and loads a key
 * once however many ask for it at the same time. What is held is returned as it is, a promise only where a load is needed. Holds
 * at most `maxEntries`.
 */
export function keepFresh<K extends string | number, V>(
  clock: Clock,
  maxEntries: number,
  load: (key: K) => Promise<Fresh<V>>,
): (key: K) => Fresh<V> | Promise<Fresh<V>> {
  const held = new LRUCache<K, { value: { of: V }; untilMs: number }>({ max: maxEntries });
  const loading = new Map<K, Promise<Fresh<V>>>();

  async function loadAnew(key: K): Promise<Fresh<V>> {
    const startedMs = clock.nowMs();
    const { value, freshForMs } = await runForAll(() => load(key));
    const untilMs = startedMs + freshForMs;
    held.set(key, { value: { of: value }, untilMs });
    return { value, freshForMs: untilMs - clock.nowMs() };
  }

  return (key) => {
    const entry = held.get(key);
    const leftMs = entry ? entry.untilMs - clock.nowMs() : 0;
    if (entry && leftMs > 0) return { value: entry.value.of, freshForMs: leftMs };
    let load = loading.get(key);
    if (!load) {
      load = loadAnew(key).finally(() => loading.delete(key));
      loading.set(key, load);
    }
    return load;
  };
}
