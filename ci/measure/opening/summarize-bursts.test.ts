import t from 'tap';
import { parseMachine } from '../../local/supervisor/read-machine.ts';
import { countNew, parseConnections } from './count-upstream.ts';
import type { Burst } from './measure-burst.ts';
import { otherWorkPercent } from './measure-cpu.ts';
import { plotAnswers } from './plot-answers.ts';
import { summarizeBursts } from './summarize-bursts.ts';
import { summarizeClicks } from './summarize-clicks.ts';

const times = {
  sentMs: Float64Array.of(0, 260, 510, 760),
  answeredMs: Float64Array.of(50, 270, Number.NaN, 990),
  statuses: Uint16Array.of(201, 201, 0, 503),
  connections: 2,
  cpuMs: 1,
  sendingCpuMs: 1,
};

t.test('latencies count from the due time, an answer that never came as the deadline', async (t) => {
  t.same(summarizeClicks(times, { clicks: 4, spreadMs: 1000, deadlineMs: 5000 }), {
    p50Ms: 50,
    p99Ms: 5000,
    maxMs: 5000,
    statuses: { 0: 1, 201: 2, 503: 1 },
    answersPer100Ms: [1, 0, 1, 0, 0, 0, 0, 0, 0, 1],
  });
});

const burst = (p50Ms: number, statuses: Record<string, number>, answersPer100Ms: number[]): Burst => ({
  p50Ms,
  p99Ms: 2 * p50Ms,
  maxMs: 3 * p50Ms,
  statuses,
  answersPer100Ms,
  cpuUsByKind: { consumer: p50Ms },
  cpuUsPerRequest: p50Ms,
  ordersPerCall: 4,
  ordersPerTransaction: 8,
  connectionsToNginx: 10,
  connectionsUpstream: 5,
  otherWorkPercent: 0,
});

t.test('figures are medians over the rounds, statuses sums, answers over time means', async (t) => {
  const figure = summarizeBursts([
    burst(100, { 201: 3 }, [3]),
    burst(300, { 201: 1, 0: 1, 410: 1 }, [0, 3]),
    burst(200, { 201: 2, 504: 1 }, [0, 0, 3]),
  ]);
  t.match(figure, { p50Ms: 200, p99Ms: 400, maxMs: 600, p50FromMs: 100, p50ToMs: 300, cpuUsPerRequest: 200 });
  t.match(figure, { cpuUsByKind: { consumer: 200 }, failed: 2, otherThan201: 3, answersPer100Ms: [1, 1, 1] });
  t.same(figure.statuses, { 0: 1, 201: 6, 410: 1, 504: 1 });
});

t.test('the plot has one scale, and adds up what does not fit', async (t) => {
  const late = [...new Array<number>(60).fill(0), 5, 6];
  t.equal(
    plotAnswers([
      { name: 'clicks', answersPer100Ms: [80, 80] },
      { name: 'cold', answersPer100Ms: [0, 1, 40, 79] },
      { name: 'lost', answersPer100Ms: late },
    ]).replaceAll(/ {20,}/g, ' … '),
    [
      'Answers per 100 ms (█ = 80):',
      'clicks  ██',
      'cold     ▁▄█',
      'lost … and 11 later',
      '        0 s       1 s       2 s       3 s       4 s       5 s       6 s',
    ].join('\n'),
  );
});

t.test('upstream connections are those that were not there before, closed ones included', async (t) => {
  const line = (local: string, remote: string, state: string) =>
    `   0: 0100007F:${local} 0100007F:${remote} ${state} 00000000:00000000 00:00000000 00000000     0        0 1 1 0 20 4\n`;
  const head = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
  const ports = new Set([0x1000]);
  const before = parseConnections(`${head}${line('1000', '0000', '0A')}${line('9001', '1000', '01')}`, ports);
  t.same([...before], [`${0x9001} ${0x1000}`]);
  const after = parseConnections(
    // Both ends of the first, one that the client closed, one that the server closed, and one to another port.
    line('9001', '1000', '01') +
      line('1000', '9001', '01') +
      line('9002', '1000', '06') +
      line('1000', '9003', '06') +
      line('9004', '2000', '01'),
    ports,
  );
  t.equal(countNew(before, after), 2);
});

t.test('other work is what the machine did beyond the bench', async (t) => {
  const before = parseMachine('cpu  100 0 50 800 50 0 0 0 0 0\ncpu0 1 2 3 4\n');
  const after = parseMachine('cpu  180 0 90 880 50 0 0 0 0 0\n');
  t.same(before, { busy: 150, all: 1000 });
  t.equal(otherWorkPercent(before, after, 700), 25);
  t.equal(otherWorkPercent(before, after, 2000), 0);
});
