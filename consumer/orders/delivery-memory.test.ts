import t from 'tap';
import { createDeliveryMemory } from './delivery-memory.ts';

t.test('the first time that an order is heard of is remembered, with the worker', async (t) => {
  let nowMs = 1000;
  const told = createDeliveryMemory(() => nowMs);
  t.equal(told.find('a'), null);
  told.note('a', 'order-worker-1');
  nowMs = 2000;
  told.note('a', null);
  t.same(told.find('a'), { atMs: 1000, toldBy: 'order-worker-1' });
});

t.test('at least the last ones are remembered, and not many more', async (t) => {
  const told = createDeliveryMemory(() => 0, 10);
  const names = Array.from({ length: 100 }, (_, i) => `order-${i}`);
  for (const name of names) {
    told.note(name, null);
    told.note(name, null);
  }
  const known = names.filter((name) => told.find(name));
  t.same(known.slice(-10), names.slice(-10));
  t.ok(known.length <= 20, `${known.length}`);
});
