import t from 'tap';
import { type ClickFigures, describeClicks, measureClicks } from './describe-clicks.ts';
import { describeMachine, watchMachine } from './watch-machine.ts';

const answer = (kind: 'confirmed' | 'refused' | 'limited', clickToAnswerMs: number | undefined, answeredMs: number) => {
  return { kind, clickToAnswerMs, answeredMs: clickToAnswerMs === undefined ? undefined : answeredMs };
};

t.test('answers are split at the last confirmation and counted by time', async (t) => {
  const histories = [
    answer('confirmed', 50, 1050),
    answer('confirmed', 150, 1150),
    answer('refused', 160, 1160),
    answer('refused', 900, 2000),
    // Clicked before the opening, and answered at that moment.
    answer('refused', 0, 990),
    answer('limited', undefined, 0),
  ];
  t.same(measureClicks(histories, { openedMs: 1000, lastConfirmedMs: 1150 }), {
    slotMs: 100,
    confirmed: [1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    refused: [1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1],
    untilSoldOut: { buyers: 3, p50: 50, p99: 150 },
    afterwards: { buyers: 2, p50: 160, p99: 900 },
  });
});

t.test('a long sale has longer slots, and fits into 80 columns', async (t) => {
  const histories = Array.from({ length: 5000 }, (_, i) => answer(i % 5 ? 'refused' : 'confirmed', 5, i * 40));
  const figures = measureClicks(histories, { openedMs: 0, lastConfirmedMs: 1e9 });
  t.equal(figures.slotMs, 5000);
  t.equal(
    figures.refused.reduce((sum, n) => sum + n),
    4000,
  );
  const [, ...plot] = describeClicks(figures, { unicode: true });
  t.ok(plot.every((line) => line.length <= 80));
});

const clicks: ClickFigures = {
  slotMs: 200,
  confirmed: [8, 4, 1, ...Array(9).fill(0)],
  refused: [0, 0, 2, ...Array(8).fill(0), 100],
  untilSoldOut: { buyers: 13, p50: 120, p99: 410.5 },
  afterwards: { buyers: 102, p50: 80, p99: 200 },
};

t.test('the plot shows every answer, also without Unicode', async (t) => {
  t.same(describeClicks(clicks, { unicode: true }), [
    'Click to answer until the last unit was confirmed: p50 120 ms, p99 410.5 ms (13 buyers); afterwards: p50 80 ms, p99 200 ms (102 buyers).',
    'Answers per 200 ms (█ = 100):',
    '  confirmed  ▁▁▁',
    '  refused      ▁        █',
    '             0 s       2 s',
  ]);
  t.same(describeClicks(clicks, { unicode: false }).slice(1, 4), [
    'Answers per 200 ms (@ = 100):',
    '  confirmed  ...',
    '  refused      .        @',
  ]);
  const unsold = { ...clicks, afterwards: { buyers: 0, p50: 0, p99: 0 } };
  t.notMatch(describeClicks(unsold, { unicode: true })[0], /afterwards/);
});

t.test('the machine is described only if it was busy with other work', async (t) => {
  const quiet = { cores: 2, loadBefore: 0.5, busyShare: 0.95, ownShare: 0.9 };
  t.same(describeMachine(quiet), []);
  t.same(describeMachine({ ...quiet, ownShare: 0.6 }), [
    'The machine was busy: load 0.5 before the sale on 2 cores; 95 % used during it, 60 % by the sale and 35 % by other work.',
  ]);
  t.same(describeMachine({ ...quiet, loadBefore: 7, ownShare: undefined }), [
    'The machine was busy: load 7 before the sale on 2 cores; 95 % used during it.',
  ]);
});

t.test('the machine is read', async (t) => {
  const machine = watchMachine();
  const endMs = performance.now() + 50;
  while (performance.now() < endMs);
  machine.stop();
  const { cores, busyShare, ownShare } = machine.read({ sale: { cpuSeconds: 0.05, memoryMb: 1 } });
  t.ok(cores >= 1 && busyShare > 0 && busyShare <= 1 && (ownShare ?? 0) > 0);
});
