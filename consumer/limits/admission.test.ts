import t from 'tap';
import { type AdmissionOptions, createAdmission, type OrderEnd } from './admission.ts';

/** A process that decides `perSecond` orders of each stock, in steps of 10 ms. */
function setUp(options: Partial<AdmissionOptions> = {}) {
  let nowMs = 0;
  let refused = 0;
  const admission = createAdmission({
    clock: { nowMs: () => nowMs },
    random: () => 0.999,
    waitMs: 2000,
    assumedRate: 1000,
    minWaiting: 100,
    maxWaitingPerStock: 10_000,
    onRefused: () => {
      refused += 1;
    },
    ...options,
  });
  const waiting = new Map<number, OrderEnd[]>();
  const queueOf = (sid: number) => {
    const queue = waiting.get(sid) ?? [];
    waiting.set(sid, queue);
    return queue;
  };

  /** As many as are admitted of these orders. */
  function arrive(orders: number, sid = 1): number {
    let admitted = 0;
    for (; admitted < orders && !admission.isOverloaded(sid); admitted += 1) queueOf(sid).push(admission.enter(sid));
    return admitted;
  }

  /** Lets time pass; `arrivals` come each second. Returns how many of them were admitted. */
  function run(seconds: number, perSecond: number, arrivals = 0, sid = 1): number {
    let admitted = 0;
    for (let step = 0; step < seconds * 100; step += 1) {
      nowMs += 10;
      admitted += arrive(arrivals / 100, sid);
      for (const end of queueOf(sid).splice(0, perSecond / 100)) end(true);
    }
    return admitted;
  }

  return { admission, arrive, run, refused: () => refused, waiting: (sid = 1) => queueOf(sid).length };
}

t.test('a cold process takes as many orders as it decides in time at the assumed rate', async (t) => {
  const { admission, arrive } = setUp();
  t.equal(arrive(5000), 2001);
  t.equal(admission.isOverloaded(1), true);
  t.ok(admission.estimateMs() > 2000);
});

t.test('a faster process takes more, and does so within a second', async (t) => {
  const { arrive, run, waiting } = setUp();
  arrive(2000);
  run(1, 3000, 3000);
  arrive(9000);
  t.ok(waiting() > 5000 && waiting() < 6100, `${waiting()} wait`);
});

t.test('a slower process takes fewer, after a second of backlog', async (t) => {
  const { arrive, run, waiting } = setUp();
  t.equal(run(0.9, 300, 2000), 1800, 'the first second is not refused');
  run(10, 300, 2000);
  t.ok(waiting() > 500 && waiting() < 700, `${waiting()} wait: two seconds of 300`);
  t.equal(arrive(100) < 10, true);
});

t.test('few orders at a time do not count as a slow process', async (t) => {
  const { arrive, run } = setUp();
  run(30, 100, 100);
  t.equal(arrive(1500), 1500);
});

t.test('a slow time is forgotten after five calm seconds', async (t) => {
  const { arrive, run, waiting } = setUp();
  run(10, 100, 2000);
  run(3, 2000);
  t.equal(waiting(), 0);
  run(6, 100);
  t.equal(arrive(1500), 1500);
});

t.test('a halt is not an overload: orders are taken at the rate that was known', async (t) => {
  const { run, arrive, waiting } = setUp();
  run(5, 800, 700);
  const before = waiting();
  t.equal(run(3, 0, 600), 1800, 'their buyers get 202, and the log keeps the orders');
  run(1, 2000);
  t.ok(before < 100 && arrive(100) === 100);
});

t.test('a halt during an overload leaves most of the known rate', async (t) => {
  const { run, waiting } = setUp();
  run(3, 800, 2000);
  run(5, 0, 2000);
  t.ok(waiting() > 1000 && waiting() < 2001, `${waiting()} wait`);
});

t.test('a stock whose orders are slow does not refuse those of others', async (t) => {
  const { admission, run } = setUp();
  run(5, 100, 1000, 1);
  t.equal(admission.isOverloaded(1), true, 'the slow one');
  t.equal(run(3, 500, 500, 2), 1500, 'the other');
});

t.test('at most maxWaitingPerStock orders of a stock wait, also if none waits for its decision', async (t) => {
  const { arrive } = setUp({ waitMs: 0, maxWaitingPerStock: 3000 });
  t.equal(arrive(5000, 1), 3000);
  t.equal(arrive(10, 2), 10);
});

t.test('Retry-After is spread over the time that the backlog needs', async (t) => {
  const last = setUp();
  t.equal(last.admission.turnAway(1), 2, 'at least two seconds');
  last.arrive(5000);
  for (let i = 0; i < 2000; i += 1) last.admission.turnAway(1);
  t.equal(last.admission.turnAway(1), 5, '2,001 that wait and 2,002 that were turned away, at 1,000 a second');
  for (let i = 0; i < 50_000; i += 1) last.admission.turnAway(1);
  t.equal(last.admission.turnAway(1), 10, 'the maximum');
  t.equal(last.refused(), 52_003);
  const first = setUp({ random: () => 0 });
  first.arrive(5000);
  t.equal(first.admission.turnAway(1), 1, 'at random');
});
