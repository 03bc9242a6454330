import t from 'tap';
import { fakeClock } from '../../ci/testing/fake-clock.ts';
import { partitionOf } from '../../proto/kafka/partition-of.ts';
import { createPendingCounter } from './pending-counter.ts';

const EVERY_MS = 500;
// Stocks of one partition.
const [FIRST, SECOND] = [4, 15] as const;
const partition = partitionOf(FIRST);

function setUp() {
  const clock = fakeClock();
  const log = { end: 0n, committed: -1n };
  const counter = createPendingCounter({
    clock,
    everyMs: EVERY_MS,
    readLag: async () => new Map([[partition, { ...log }]]),
  });
  /** Appends records of so many orders of the stocks. */
  const append = (...records: number[][]) => {
    counter.add(
      partition,
      records.map((sids) => ({ sids })),
      log.end,
    );
    log.end += BigInt(records.length);
  };
  const estimates = () => [FIRST, SECOND].map((sid) => counter.estimate(sid));
  return { clock, log, counter, append, estimates };
}

const of = (first: number, second = 0) => [...Array(first).fill(FIRST), ...Array(second).fill(SECOND)];

t.test('orders are counted, not records', async (t) => {
  t.equal(partitionOf(FIRST), partitionOf(SECOND));
  const { append, estimates } = setUp();
  append(of(300, 50));
  append(of(500), of(20));
  t.same(estimates(), [820, 50]);
});

t.test('an append is pending until the workers have committed behind its last record', async (t) => {
  const { clock, log, append, estimates } = setUp();
  append(of(300), of(100, 50));
  append(of(10));
  log.committed = 1n;
  await clock.advance(EVERY_MS);
  t.same(estimates(), [410, 50]);
  log.committed = 2n;
  await clock.advance(EVERY_MS);
  t.same(estimates(), [10, 0]);
  log.committed = 3n;
  await clock.advance(EVERY_MS);
  t.same(estimates(), [0, 0]);
});

t.test('the records of other providers are taken to hold as many orders', async (t) => {
  const { clock, log, append, estimates } = setUp();
  append(of(100, 20), of(140));
  // Three other providers have appended as much; none of it is decided.
  log.end += 6n;
  await clock.advance(EVERY_MS);
  t.same(estimates(), [4 * 240, 4 * 20]);
  log.committed = log.end - 1n;
  append(of(7));
  await clock.advance(EVERY_MS);
  t.same(estimates(), [14, 0], 'two records are pending, one of them of this provider');
});

t.test('records of one order are estimated by their number', async (t) => {
  const { clock, log, append, estimates } = setUp();
  append(of(1), of(0, 1), of(1));
  log.end += 3n;
  await clock.advance(EVERY_MS);
  t.same(estimates(), [4, 2]);
});
