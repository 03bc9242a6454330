import t from 'tap';
import type { Round } from './run-rounds.ts';
import { compareRounds, median, summarizeRounds } from './summarize-rounds.ts';

const round = (perSecond: number, more: Partial<Round> = {}): Round => ({
  perSecond,
  asExpected: 1,
  requests: perSecond,
  seconds: 1,
  refused: 0,
  broken: 0,
  p50Ms: 1,
  p99Ms: 2,
  maxMs: 3,
  cpuUsPerRequest: {},
  statuses: {},
  memoryKb: {},
  ...more,
});

t.test('the median of an even and of an odd number of values', async (t) => {
  t.equal(median([3, 1, 2]), 2);
  t.equal(median([4, 1, 2, 3]), 2.5);
});

t.test('a ratio compares figures of the same round', async (t) => {
  const bare = [round(1000), round(100), round(1000)];
  const figure = summarizeRounds([round(500), round(60), round(400)], bare);
  t.match(figure, { perSecond: 400, ratio: 0.5, ratioFrom: 0.4, ratioTo: 0.6 });
});

t.test('two scenarios are compared in the same round, by rate and by CPU time', async (t) => {
  const orders = [1000, 100, 1000].map((perSecond) => round(perSecond, { cpuUsPerRequest: { nginx: 20, kafka: 80 } }));
  const entries = [500, 60, 400].map((perSecond) => round(perSecond, { cpuUsPerRequest: { nginx: 50 } }));
  t.same(compareRounds(entries, orders), {
    rate: { ratio: 0.5, from: 0.4, to: 0.6 },
    cpu: { ratio: 0.5, from: 0.5, to: 0.5 },
  });
});

t.test(
  'the lowest share as expected, the sum of broken requests, the maximum of memory, the median of CPU time',
  async (t) => {
    const rounds = [
      round(1, { asExpected: 1, broken: 0, cpuUsPerRequest: { kafka: 10 }, memoryKb: { kafka: 1024 } }),
      round(1, { asExpected: 0.9, broken: 2, cpuUsPerRequest: { kafka: 30 }, memoryKb: { kafka: 4096 } }),
      round(1, { asExpected: 1, broken: 1, cpuUsPerRequest: { kafka: 20 }, memoryKb: { kafka: 2048 } }),
    ];
    t.match(summarizeRounds(rounds, rounds), {
      asExpected: 0.9,
      broken: 3,
      cpuUsPerRequest: { kafka: 20 },
      memoryMb: { kafka: 4 },
    });
  },
);
