import { signal } from '@preact/signals';

/** False once the browser failed to store something. Entries since then end with this page. */
export const isKept = signal(true);

export type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> & { names(): string[] };

/**
 * A store that never fails. If the browser's is blocked, full or missing (`find` throws or returns null, a call throws), entries are held
 * in memory and `onLoss` is called.
 */
export function createStorage(find: () => Storage | null, onLoss: () => void): Store {
  // Null: removed, even if the browser still has the entry.
  const memory = new Map<string, string | null>();
  const attempt = <T>(act: (store: Storage) => T, otherwise: T): T => {
    try {
      return act(find() as Storage);
    } catch {
      onLoss();
      return otherwise;
    }
  };
  return {
    getItem: (name) => {
      const held = memory.get(name);
      return held === undefined ? attempt((store) => store.getItem(name), null) : held;
    },
    setItem(name, value) {
      memory.set(name, value);
      attempt((store) => {
        store.setItem(name, value);
        memory.delete(name);
      }, undefined);
    },
    removeItem(name) {
      memory.set(name, null);
      attempt((store) => {
        store.removeItem(name);
        memory.delete(name);
      }, undefined);
    },
    names() {
      const kept = attempt((store) => Array.from({ length: store.length }, (_, i) => store.key(i) ?? ''), []);
      const all = new Set([...kept, ...memory.keys()]);
      return [...all].filter((name) => memory.get(name) !== null);
    },
  };
}

export const storage = createStorage(
  () => globalThis.localStorage,
  () => {
    isKept.value = false;
  },
);
