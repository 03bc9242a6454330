import t from 'tap';
import { ORDER_PARTITIONS, partitionOf } from './partition-of.ts';

t.test('the partition of a stock never changes', async (t) => {
  // The FNV-1a of '1' is published: 0x340ca71c. Another program computed the rest.
  t.equal(partitionOf(1), 0x340ca71c % ORDER_PARTITIONS);
  t.same([1, 2, 3, 42, 1000, 2 ** 31, Number.MAX_SAFE_INTEGER].map(partitionOf), [4, 5, 2, 3, 4, 4, 3]);
});

t.test('stocks spread over all partitions, with consecutive ids and with ids derived from the time', async (t) => {
  for (const [first, step] of [
    [1, 1],
    [1000, 10],
    [1_790_000_000_000_000, 7919],
  ] as const) {
    const counts = Array<number>(ORDER_PARTITIONS).fill(0);
    for (let i = 0; i < 8000; i += 1)
      counts[partitionOf(first + i * step)] = (counts[partitionOf(first + i * step)] ?? 0) + 1;
    for (const count of counts) t.ok(count > 700 && count < 1300, `${count} of 8000`);
  }
});
