import t from 'tap';
import { estimatePercentile } from './estimate-percentile.ts';

const buckets = [
  { le: 0.1, count: 50 },
  { le: 0.2, count: 90 },
  { le: 1, count: 99 },
  { le: Infinity, count: 100 },
];

t.test('a percentile is interpolated within its bucket', async (t) => {
  t.equal(estimatePercentile(buckets, 0.5), 0.1);
  t.equal(estimatePercentile(buckets, 0.25), 0.05);
  t.ok(Math.abs((estimatePercentile(buckets, 0.7) ?? 0) - 0.15) < 1e-9);
  t.equal(estimatePercentile(buckets, 0.9), 0.2);
});

t.test('the order of the buckets does not matter', async (t) => {
  t.equal(estimatePercentile(buckets.toReversed(), 0.25), 0.05);
});

t.test('in the infinite bucket it is the last bound', async (t) => {
  t.equal(estimatePercentile(buckets, 0.999), 1);
});

t.test('an empty bucket is skipped', async (t) => {
  const gap = [
    { le: 1, count: 0 },
    { le: 2, count: 0 },
    { le: 4, count: 10 },
  ];
  t.equal(estimatePercentile(gap, 0.5), 3);
});

t.test('without values it is null', async (t) => {
  t.equal(estimatePercentile([], 0.5), null);
  t.equal(estimatePercentile([{ le: 1, count: 0 }], 0.5), null);
});
