import t from 'tap';
import { describeAnswers, describeLoad, measureLoad } from './measure-load.ts';
import type { BuyersProgress } from './run-buyers.ts';

const progress: BuyersProgress = {
  requests: 4000,
  pending: 0,
  confirmed: 1,
  refused: 3,
  limited: 0,
  errors: 0,
  paid: 0,
  firstSentMs: 1000,
  lastConfirmedMs: 2250,
  lastAnsweredMs: 3000,
  answers: new Map([
    [
      'consumer',
      new Map([
        [410, 2],
        [201, 1],
      ]),
    ],
    ['cache', new Map([[410, 3]])],
    ['none', new Map([[0, 1]])],
  ]),
};
const processes = { sale: { cpuSeconds: 1.5, memoryMb: 99 } };

t.test(
  'seconds from the opening, requests per second from the first to the last answer, answers by component',
  async (t) => {
    const figures = measureLoad(progress, { openedMs: 2000, rushSeconds: 1, rows: 2, processes });
    t.same(figures, {
      rushSeconds: 1,
      answeredSeconds: 1,
      soldSeconds: 0.25,
      requestsPerSecond: 2000,
      rows: 2,
      processes,
      answers: { consumer: { 201: 1, 410: 2 }, cache: { 410: 3 }, none: { 0: 1 } },
    });
    t.equal(describeAnswers(figures.answers), 'none × 1, 201 × 1, 410 × 5');
    const lines = describeLoad(figures);
    t.match(lines[0], /within 1 s\..* confirmed after 0.25 s, .* answered after 1 s; 2000 requests per second, 2 rows/);
    t.equal(lines[1], 'Answered by: consumer 201 × 1, 410 × 2; cache 410 × 3.');
    t.match(lines[2], /sale 1.5 s 99 MB/);
  },
);

t.test('a system on another machine has no local processes', async (t) => {
  const figures = measureLoad(progress, { openedMs: 2000, rushSeconds: 1, rows: 2, processes: undefined });
  t.equal(describeLoad(figures).length, 2);
});
