import t from 'tap';
import { createStorage } from './keep-storage.ts';

function openStore(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
    clear: () => kept.clear(),
    key: (i: number) => [...kept.keys()][i] ?? null,
    get length() {
      return kept.size;
    },
  };
}

const blocked = () => {
  throw new Error('SecurityError');
};

t.test('if the store is blocked, missing or full, entries are held in memory and the loss is reported', async (t) => {
  const full = { ...openStore(), setItem: blocked };
  for (const find of [blocked, () => null, () => full]) {
    let losses = 0;
    const store = createStorage(find, () => {
      losses += 1;
    });
    store.setItem('a', '1');
    t.ok(losses > 0);
    t.equal(store.getItem('a'), '1');
    t.equal(store.getItem('b'), null);
    t.same(store.names(), ['a']);
    store.removeItem('a');
    t.equal(store.getItem('a'), null);
    t.same(store.names(), []);
  }
});

t.test('a working store is used, and no loss is reported', async (t) => {
  const browser = openStore();
  const store = createStorage(
    () => browser,
    () => t.fail('nothing was lost'),
  );
  store.setItem('a', '1');
  browser.setItem('b', '2');
  t.equal(browser.getItem('a'), '1');
  t.same(store.names(), ['a', 'b']);
  store.removeItem('a');
  t.equal(browser.getItem('a'), null);
});

t.test('an entry that cannot be removed counts as removed', async (t) => {
  const browser = openStore();
  browser.setItem('a', '1');
  const store = createStorage(
    () => ({ ...browser, getItem: browser.getItem, removeItem: blocked }),
    () => undefined,
  );
  store.removeItem('a');
  t.equal(store.getItem('a'), null);
  store.setItem('a', '2');
  t.equal(store.getItem('a'), '2');
});
