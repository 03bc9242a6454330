import t from 'tap';
import type { Experiment, Lane } from './experiments.ts';
import { joinSamples, lengthMs, positionAt, positionNow, roomFor, winnerOf } from './lane-position.ts';

const samples = [
  { ms: 0, rows: 0, answered: 0 },
  { ms: 100, rows: 10, answered: 40 },
  { ms: 300, rows: 30, answered: 50 },
];
const lane = (strategy: string, rest: Partial<Lane> = {}): Lane => ({
  way: strategy as Lane['way'],
  shows: '',
  state: 'done',
  answered: 50,
  requests: 50,
  confirmed: 30,
  rows: 30,
  sold: 30,
  oversold: 0,
  unsold: 0,
  limited: 0,
  errors: 0,
  ordersPerSecond: 100,
  p50Ms: 1,
  p99Ms: 2,
  why: '',
  samples,
  ...rest,
});
const experiment = (lanes: Lane[], rest: Partial<Experiment> = {}): Experiment => ({
  experimentId: '1',
  state: 'done',
  buyers: 50,
  units: 30,
  ways: lanes,
  startedAt: '',
  endedAt: null,
  error: null,
  ...rest,
});

t.test('a position is interpolated between samples; after the last one it stays there', async (t) => {
  t.same(positionAt(samples, 50), { rows: 5, answered: 20 });
  t.same(positionAt(samples, 200), { rows: 20, answered: 45 });
  t.same(positionAt(samples, 9000), { rows: 30, answered: 50 });
  t.same(positionAt(samples.slice(1), 50), { rows: 5, answered: 20 }, 'before the first sample it starts at zero');
  t.same(positionAt([], 50), { rows: 0, answered: 0 });
  t.same(positionNow(lane('a', { answered: 60 })), { rows: 30, answered: 60 });
});

t.test('a lane has room for oversold rows, up to a limit', async (t) => {
  t.equal(roomFor(experiment([lane('a')], { units: 100 })), 125);
  t.equal(roomFor(experiment([lane('a', { rows: 200 })], { units: 100 })), 208);
  t.equal(roomFor(experiment([lane('a', { rows: 800 })], { units: 100 })), 250);
  t.equal(lengthMs(experiment([lane('a'), lane('b', { samples: [] })])), 300);
});

t.test('the winner sold each unit once with the fewest errors and the highest speed', async (t) => {
  const wrong = lane('wrong', { oversold: 9, ordersPerSecond: 900 });
  const left = lane('left', { unsold: 1, ordersPerSecond: 800 });
  const lossy = lane('lossy', { errors: 2, ordersPerSecond: 700 });
  const quick = lane('quick', { ordersPerSecond: 300 });
  const slow = lane('slow', { ordersPerSecond: 200 });
  t.equal(winnerOf(experiment([wrong, left, lossy, slow, quick])), 'quick');
  t.equal(winnerOf(experiment([wrong, left])), null);
  t.equal(winnerOf(experiment([quick], { state: 'running' })), null);
});

t.test('all lanes share one time axis', async (t) => {
  const other = lane('b', { samples: [{ ms: 100, rows: 7, answered: 7 }] });
  t.same(joinSamples([lane('a'), other]), [
    [0, 100, 300],
    [0, 10, 30],
    [null, 7, null],
  ]);
  t.same(joinSamples([]), [[]]);
});
