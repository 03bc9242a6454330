import t from 'tap';
import { createRollingWindow } from './rolling-window.ts';

const open = () => createRollingWindow<'sold' | 'left'>(10_000);

t.test('rows older than the window are removed, and columns can show a part of it', async (t) => {
  const window = open();
  for (let s = 0; s < 30; s += 1) window.add(s * 1000, { sold: s, left: null });
  t.equal(window.columns(['sold'], 60_000)[0].length, 11);
  t.same(window.columns(['sold', 'left'], 2000), [
    [27, 28, 29],
    [27, 28, 29],
    [null, null, null],
  ]);
  t.equal(window.total('sold', 2000), 84);
  t.equal(window.lastMs(), 29_000);
});

t.test('a line does not cross a gap', async (t) => {
  const window = open();
  window.add(1000, { sold: 1, left: 9 });
  window.add(2200, { sold: 2, left: 8 });
  window.add(7000, { sold: 3, left: 7 });
  t.same(window.columns(['sold'], 10_000), [
    [1, 2.2, 3.2, 7],
    [1, 2, null, 3],
  ]);
});

t.test('after a clock went back, repeated times are replaced, so that times only rise', async (t) => {
  const window = open();
  for (const atMs of [1000, 2000, 3000]) window.add(atMs, { sold: 1, left: 1 });
  window.add(2000, { sold: 5, left: 1 });
  t.same(window.columns(['sold'], 10_000), [
    [1, 2],
    [1, 5],
  ]);
});

t.test('a figure can be removed without the others', async (t) => {
  const window = open();
  window.add(1000, { sold: 1, left: 9 });
  window.forget('left');
  t.same(window.columns(['sold', 'left'], 1000), [[1], [1], [null]]);
});

t.test('a total weighs each rate by the time since the previous row', async (t) => {
  const window = open();
  for (const [atMs, sold] of [
    [1000, 10],
    [2500, 4],
    [3000, 6],
    [9000, 7],
  ] as const) {
    window.add(atMs, { sold, left: null });
  }
  t.equal(window.total('sold', 10_000), 10 + 6 + 3 + 7);
});

t.test('an empty window has empty columns', async (t) => {
  t.same(open().columns(['sold'], 1000), [[], []]);
  t.equal(open().total('sold', 1000), 0);
  t.equal(open().lastMs(), null);
});
