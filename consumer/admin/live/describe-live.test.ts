import t from 'tap';
import { decodeLiveReport, encodeLiveReport, type LiveReport } from '../../../proto/messages/live-report.ts';
import { describeLive } from './describe-live.ts';
import { createLiveSums, DELAY_MS } from './live-sums.ts';

const report = (kind: LiveReport['kind'], counts: Record<string, number>, more: Partial<LiveReport> = {}) => ({
  name: `${kind}-1`,
  kind,
  startId: 'a',
  memoryMb: 100,
  eventLoopMs: 1,
  levels: {},
  counts,
  ...more,
});
const at = new Date('2030-01-02T10:00:00Z');

/** Adds reports at these times, and describes the second that ends with the last of them. */
function describe(reports: [atMs: number, report: LiveReport][], nowMs = (reports.at(-1)?.[0] ?? 0) + DELAY_MS) {
  const sums = createLiveSums();
  for (const [atMs, report] of reports) sums.add(report, atMs);
  return describeLive(sums, nowMs, at);
}

t.test('the counts between two reports become a rate', async (t) => {
  const view = describe([
    [0, report('consumer', { 'status:201': 1000, 'status:410': 7, cpuMs: 500 })],
    [2000, report('consumer', { 'status:201': 1100, 'status:410': 57, 'status:503': 4, cpuMs: 1500 })],
  ]);
  t.match(view.perSecond, { requests: 77, created: 50, refused: 25, busy: 2, errors: 0 });
  t.match(view.processes, [{ name: 'consumer-1', kind: 'consumer', ageMs: DELAY_MS, cpu: 0.5, memoryMb: 100 }]);
  t.equal(view.at, '2030-01-02T10:00:00.000Z');
});

t.test('counts before the first report of a process are ignored', async (t) => {
  t.equal(describe([[0, report('consumer', { 'status:201': 1000 })]]).perSecond.created, 0);
});

t.test('a restarted process counts from 0', async (t) => {
  const view = describe([
    [0, report('consumer', { 'status:201': 1000 })],
    [1000, report('consumer', { 'status:201': 30 }, { startId: 'b' })],
  ]);
  t.equal(view.perSecond.created, 30);
});

t.test('a report after a gap covers the gap', async (t) => {
  const view = describe([
    [0, report('consumer', { 'status:201': 0 })],
    [2900, report('consumer', { 'status:201': 290 })],
  ]);
  t.equal(view.perSecond.created, 100);
});

t.test('delayed reports that arrive together are not a burst', async (t) => {
  const counts = (confirmed: number) => report('consumer', { 'status:201': confirmed });
  const view = describe([
    [0, counts(0)],
    [3000, counts(100)],
    [3001, counts(200)],
    [3002, counts(300)],
  ]);
  t.equal(Math.round(view.perSecond.created), 100);
});

t.test('figures one second apart count everything once, however uneven the reports are', async (t) => {
  const sums = createLiveSums();
  const times = [0, 1000, 2150, 2900, 3100, 4200, 5150, 6000, 7100, 8000];
  const seen = new Map(times.map((ms, i) => [ms, 100 * i] as const));
  let shown = 0;
  for (let nowMs = 0; nowMs <= 11_000; nowMs += 50) {
    const confirmed = seen.get(nowMs);
    if (confirmed !== undefined) sums.add(report('consumer', { 'status:201': confirmed }), nowMs);
    if (nowMs % 1000 === 400) shown += sums.perSecond('status:201', {}, nowMs);
  }
  t.ok(Math.abs(shown - 900) < 10, `${shown}`);
});

t.test('consecutive periods of different lengths count everything once', async (t) => {
  const sums = createLiveSums();
  let confirmed = 0;
  let shown = 0;
  let lastMs = 0;
  for (let nowMs = 0; nowMs <= 12_000; nowMs += 100) {
    if (nowMs % 1000 === 0 && nowMs <= 9000) sums.add(report('consumer', { 'status:201': confirmed }), nowMs);
    if (nowMs % 1000 === 500) confirmed += 17;
    if (![1100, 3400, 4500, 6900, 7900, 10_200, 11_200, 12_000].includes(nowMs)) continue;
    shown += (sums.perSecond('status:201', {}, nowMs, nowMs - lastMs) * (nowMs - lastMs)) / 1000;
    lastMs = nowMs;
  }
  t.equal(Math.round(shown * 1000) / 1000, 9 * 17);
});

t.test('a silent process does not count after 3 s, and is removed after 10 s', async (t) => {
  const reports: [number, LiveReport][] = [
    [0, report('consumer', { 'status:201': 0 }, { levels: { waiting: 5 } })],
    [1000, report('consumer', { 'status:201': 10 }, { levels: { waiting: 5 } })],
  ];
  t.match(describe(reports, 2200), { perSecond: { created: 10 }, waiting: 5 });
  t.match(describe(reports, 3900), { perSecond: { created: 0 }, waiting: 5 });
  t.match(describe(reports, 4100), { perSecond: { created: 0 }, waiting: 0, processes: [{ ageMs: 3100 }] });
  t.same(describe(reports, 11_100).processes, []);
});

t.test('a removed process starts with a new baseline', async (t) => {
  const view = describe([
    [0, report('consumer', { 'status:201': 0 })],
    [11_000, report('consumer', { 'status:201': 5000 })],
  ]);
  t.equal(view.perSecond.created, 0);
});

t.test('a repeated order is confirmed once, and all answers add up to all requests', async (t) => {
  const answers = {
    'status:201': 66,
    'status:200': 3,
    'status:202': 4,
    'status:403': 2,
    'status:409': 3,
    'status:404': 1,
  };
  const refused = { 'status:410': 20, 'status:429': 7, 'status:500': 2, 'status:503': 6 };
  const { perSecond } = describe([
    [0, report('consumer', {})],
    [0, report('provider', {})],
    [0, report('order-worker', {})],
    [1000, report('consumer', { ...answers, ...refused })],
    [1000, report('provider', { 'committed:CONFIRMED:direct': 2 })],
    [1000, report('order-worker', { 'committed:CONFIRMED:log': 48, 'committed:SOLD_OUT:log': 9 })],
  ]);
  t.equal(perSecond.confirmed, 50);
  t.equal(perSecond.requests, 114);
  const { requests, confirmed, ...byAnswer } = perSecond;
  t.equal(
    Object.values(byAnswer).reduce((sum, n) => sum + n),
    requests,
  );
  t.match(byAnswer, { created: 66, notOpen: 5, errors: 2, other: 1 });
});

t.test('refusals are counted by their source', async (t) => {
  const view = describe([
    [0, report('nginx', { cpuMs: 0 })],
    [0, report('consumer', {})],
    [0, report('order-worker', {})],
    [1000, report('consumer', { 'status:410': 50, 'answered:SOLD_OUT': 20, 'status:429': 5, 'status:201': 10 })],
    [1000, report('order-worker', { 'committed:SOLD_OUT:log': 21, 'committed:CONFIRMED:log': 10 })],
    [1000, report('nginx', { 'status:410': 950, 'status:429': 105, 'status:201': 10, cached: 900, limited: 100 })],
  ]);
  t.same(view.turnedAway, { nginxLimit: 100, nginxCache: 900, limiter: 5, soldOut: 30, log: 20 });
  t.match(view.perSecond, { requests: 1065, confirmed: 10, refused: 950, limited: 105 });
  t.equal(view.committedPerSecond, 31);
});

t.test('statuses that only nginx sees count as errors, a disconnected client does not', async (t) => {
  const reports: [number, LiveReport][] = [
    [0, report('nginx', {})],
    [1000, report('nginx', { 'status:504': 3, 'status:400': 1, 'status:499': 9, 'status:403': 8, 'status:503': 2 })],
  ];
  t.match(describe(reports).perSecond, { requests: 23, errors: 4, busy: 2 });
});

t.test('without nginx the figures are those of the consumers', async (t) => {
  const view = describe([
    [0, report('nginx', { 'status:201': 0 })],
    [3500, report('consumer', { 'status:201': 0, 'status:500': 0 })],
    [4500, report('consumer', { 'status:201': 10, 'status:500': 2 })],
  ]);
  t.match(view.perSecond, { requests: 12, errors: 2 });
});

t.test('percentiles cover the last 10 s of all consumers', async (t) => {
  const within = (fast: number, all: number) => ({ 'within:0.1': fast, 'within:0.2': all, 'within:+Inf': all });
  const second = { name: 'consumer-2' };
  const reports: [number, LiveReport][] = [
    [0, report('consumer', within(1000, 1000))],
    [0, report('consumer', {}, second)],
    [1000, report('consumer', within(1000, 1010))],
    [1000, report('consumer', within(10, 10), second)],
  ];
  t.same(describe(reports).decisionMs, { p50: 100, p90: 180, p99: 198, count: 20 });
  const later = [...reports, [9000, report('consumer', within(1000, 1010))] as [number, LiveReport]];
  t.match(describe(later, 10_900).decisionMs, { count: 10 }, 'the other consumer is silent');
  t.equal(describe([...later, [11_500, report('consumer', within(1000, 1010))]]).decisionMs, null);
});

t.test('the lag of a partition is that of its latest report', async (t) => {
  const view = describe([
    [0, report('order-worker', {}, { levels: { 'lag:0': 50, 'lag:10': 3 } })],
    [900, report('order-worker', {}, { name: 'order-worker-2', levels: { 'lag:0': 7, 'lag:2': 1 } })],
  ]);
  t.same(view.lag, { total: 11, byPartition: { 0: 7, 2: 1, 10: 3 } });
  t.same(
    view.processes.map(({ partitions }) => partitions),
    [
      [0, 10],
      [0, 2],
    ],
  );
});

t.test('a report is decoded as it was encoded, and invalid ones are ignored', async (t) => {
  const good = report('consumer', { 'status:201': 1, 'within:+Inf': 2, 'within:0.05': 1 }, { levels: { 'lag:3': 4 } });
  t.same(decodeLiveReport(encodeLiveReport(good)), good);
  for (const wrong of [
    ...['', 'x', 'null', '[]', '{}', 'x'.repeat(100_000)],
    JSON.stringify({ ...good, kind: 'unknown' }),
    JSON.stringify({ ...good, name: '<b>' }),
    JSON.stringify({ ...good, counts: { 'status:201': '1' } }),
    JSON.stringify({ ...good, counts: { '<b>': 1 } }),
    JSON.stringify({ ...good, counts: Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`k${i}`, 1])) }),
  ]) {
    t.equal(decodeLiveReport(wrong), null, wrong.slice(0, 60));
  }
});
