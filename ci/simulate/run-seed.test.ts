import t from 'tap';
import { describeBroken } from './describe-broken.ts';
import { runSeed } from './run-seed.ts';
import { runSeeds } from './run-seeds.ts';

const SEEDS = 2000;
// One: three other test files run beside it, and some of them count seconds.
const THREADS = 1;

t.test('a seed goes the same way each time', async (t) => {
  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) {
    const [first, second] = [await runSeed(seed), await runSeed(seed)];
    t.equal(first.hash, second.hash, `seed ${seed}`);
    t.equal(first.simulatedMs, second.simulatedMs);
  }
  t.not((await runSeed(1)).hash, (await runSeed(2)).hash);
});

t.test(`${SEEDS} seeds break no promise`, { timeout: 110_000 }, async (t) => {
  const { seeds, broken } = await runSeeds({ from: 1, count: SEEDS, threads: THREADS, stopAfter: 1 });
  t.equal(broken.map(describeBroken).join('\n'), '');
  t.equal(seeds, SEEDS);
});
