import t from 'tap';
import { describeBroken } from './describe-broken.ts';
import { runSeed } from './run-seed.ts';
import { runSeeds } from './run-seeds.ts';

// npm test runs 2,000 seeds before the tests.
const SEEDS = 100;

t.test('a seed gives the same events each time', async (t) => {
  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) {
    const [first, second] = [await runSeed(seed), await runSeed(seed)];
    t.equal(first.hash, second.hash, `seed ${seed}`);
    t.equal(first.simulatedMs, second.simulatedMs);
  }
  t.not((await runSeed(1)).hash, (await runSeed(2)).hash);
});

t.test(`${SEEDS} seeds break no invariant`, async (t) => {
  const { seeds, broken } = await runSeeds({ from: 1, count: SEEDS, threads: 1, stopAfter: 1 });
  t.equal(broken.map(describeBroken).join('\n'), '');
  t.equal(seeds, SEEDS);
});
