import t from 'tap';
import { createDeliveryMemory } from './delivery-memory.ts';

t.test('the first delivery of a decision is kept, with its worker', async (t) => {
  let nowMs = 1000;
  const deliveries = createDeliveryMemory(() => nowMs);
  t.equal(deliveries.find('a'), null);
  deliveries.note('a', 'order-worker-1');
  nowMs = 2000;
  deliveries.note('a', null);
  t.same(deliveries.find('a'), { atMs: 1000, worker: 'order-worker-1' });
});

t.test('the latest deliveries are kept, and at most twice as many', async (t) => {
  const deliveries = createDeliveryMemory(() => 0, 10);
  const names = Array.from({ length: 100 }, (_, i) => `order-${i}`);
  for (const name of names) {
    deliveries.note(name, null);
    deliveries.note(name, null);
  }
  const known = names.filter((name) => deliveries.find(name));
  t.same(known.slice(-10), names.slice(-10));
  t.ok(known.length <= 20, `${known.length}`);
});
