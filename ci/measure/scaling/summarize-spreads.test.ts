import t from 'tap';
import { BASE_NAME, type SpreadSlice, summarizeSpreads } from './summarize-spreads.ts';

const slice = (perSecond: number, cpuUs: number): SpreadSlice => ({
  perSecond,
  cpuUs,
  cpu: { kafka: cpuUs / 2 },
  p99Ms: 1,
});

t.test('a ratio compares a slice with the base right before it', async (t) => {
  const pairs = [
    { base: slice(1000, 100), slice: slice(500, 120) },
    { base: slice(100, 300), slice: slice(60, 330) },
    { base: slice(1000, 100), slice: slice(400, 130) },
  ];
  const [first, second] = summarizeSpreads(new Map([['10 stocks', pairs]]));
  t.match(first, { name: BASE_NAME, perSecond: 1000, speed: { median: 1, from: 1, to: 1 }, cpuUs: 100 });
  t.same(second, {
    name: '10 stocks',
    perSecond: 400,
    speed: { median: 0.5, from: 0.4, to: 0.6 },
    cpuUs: 130,
    cost: { median: 1.2, from: 1.1, to: 1.3 },
    cpu: { kafka: 65 },
    p99Ms: 1,
  });
});
