import t from 'tap';
import { ORDER_PARTITIONS, partitionOf } from './partition-of.ts';

t.test('the partition of a stock never moves', async (t) => {
  // Published: the FNV-1a of '1' is 0x340ca71c. The rest is another program's.
  t.equal(partitionOf(1), 0x340ca71c % ORDER_PARTITIONS);
  t.same([1, 2, 3, 42, 1000, 2 ** 31, Number.MAX_SAFE_INTEGER].map(partitionOf), [4, 5, 2, 3, 4, 4, 3]);
});

t.test('stocks spread over all partitions, ids in a row and ids made from the time alike', async (t) => {
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
