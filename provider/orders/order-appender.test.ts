import t from 'tap';
import { fakeClock } from '../../ci/testing/fake-clock.ts';
import { testRecordKey } from '../../ci/testing/orders/encode-test-record.ts';
import type { Database } from '../../db/mysql/database.ts';
import type { Stock } from '../../db/stocks/stock-table.ts';
import { partitionOf } from '../../proto/kafka/partition-of.ts';
import { COMPACT_VERSION } from '../../proto/messages/order-record.ts';
import { deadlines } from '../../proto/settings/deadlines.ts';
import { createDirectDecider } from './direct-decider.ts';
import { appendOrders, createOrderAppender } from './order-appender.ts';
import { placeOrders } from './place-orders.ts';
import { createRecordEncoder } from './record-encoder.ts';

const DEADLINE_MS = deadlines.APPEND_DEADLINE_MS.ms;
const ER_DATA_TOO_LONG = 1406;
// Stocks of two partitions.
const [FIRST, SECOND] = [1, 2] as const;
const value = Buffer.from('an order');
const STOCK: Omit<Stock, 'sid'> = {
  name: 'a lamp',
  count: 9,
  sale: 0,
  version: 0,
  kind: 'sale',
  priceCents: 1,
  currency: 'EUR',
  opensAtMs: null,
  closesAtMs: null,
  paused: false,
  hidden: false,
  maxPerOrder: 1,
  mode: 'rush' as const,
  offersOnly: false,
  readAtMs: 0,
};

/** An appender to a log that the test can break completely or by partition: `down` rejects, `silent` never answers. */
function setUp() {
  const clock = fakeClock();
  const log = { state: 'up' as 'up' | 'down' | 'silent', appends: 0, broken: new Map<number, 'down' | 'silent'>() };
  const requests: number[][] = [];
  const breaker: string[] = [];
  const breakers: [number, string][] = [];
  const appends: { isAcknowledged: boolean; tookMs: number }[] = [];
  const appender = createOrderAppender({
    clock,
    deadlineMs: DEADLINE_MS,
    pending: { add: () => undefined },
    onAppend: (isAcknowledged, tookMs) => appends.push({ isAcknowledged, tookMs }),
    onBreaker(partition, isOpen) {
      const state = isOpen ? 'open' : 'closed';
      breaker.push(state);
      breakers.push([partition, state]);
    },
    append: async (records) => {
      log.appends += 1;
      requests.push([...records.keys()]);
      const states = [log.state, ...[...records.keys()].map((partition) => log.broken.get(partition))];
      // One failed partition fails its whole request.
      if (states.includes('silent')) await new Promise(() => undefined);
      if (states.includes('down')) throw new Error('no leader');
      return new Map();
    },
  });
  const placeAll = (...sids: number[]) =>
    appendOrders(
      appender,
      Map.groupBy(
        sids.map((sid) => ({ sids: [sid], value })),
        ({ sids: [sid = 0] }) => partitionOf(sid),
      ),
    ).then((appended) => sids.map((sid) => appended.get(partitionOf(sid)) === true));
  const place = async () => (await placeAll(FIRST))[0];
  return { clock, log, appender, appends, breaker, breakers, requests, placeAll, place };
}

t.test('each request is reported with its time', async (t) => {
  const { clock, log, appends, place } = setUp();
  log.state = 'silent';
  const placed = place();
  await clock.advance(DEADLINE_MS - 1);
  log.state = 'up';
  await clock.advance(1);
  t.equal(await placed, true);
  t.same(appends, [
    { isAcknowledged: false, tookMs: DEADLINE_MS },
    { isAcknowledged: true, tookMs: 0 },
  ]);
});

t.test('an append that succeeds is not repeated', async (t) => {
  const { log, place, breaker } = setUp();
  t.equal(await place(), true);
  t.equal(log.appends, 1);
  t.same(breaker, []);
});

t.test('a failed append is repeated once, and is then unknown', async (t) => {
  const { log, place, breaker } = setUp();
  log.state = 'down';
  t.equal(await place(), false);
  t.equal(log.appends, 2);
  t.same(breaker, ['open']);
});

t.test('an append can succeed at the second try', async (t) => {
  const { clock, log, place, breaker } = setUp();
  log.state = 'silent';
  const placed = place();
  await clock.advance(DEADLINE_MS - 1);
  log.state = 'up';
  await clock.advance(1);
  t.equal(await placed, true);
  t.equal(log.appends, 2);
  t.same(breaker, []);
});

t.test('the wait for a silent log is twice the deadline', async (t) => {
  const { clock, log, place } = setUp();
  log.state = 'silent';
  let answer: boolean | undefined;
  void place().then((placed) => {
    answer = placed;
  });
  await clock.advance(2 * DEADLINE_MS - 1);
  t.equal(answer, undefined);
  await clock.advance(1);
  t.equal(answer, false);
});

t.test('after a failure no call waits for the log for half a second', async (t) => {
  const { clock, log, place } = setUp();
  log.state = 'down';
  await place();
  await clock.advance(499);
  t.same(await Promise.all([place(), place(), place()]), [false, false, false]);
  t.equal(log.appends, 2);
});

t.test('after the open time one call is a probe, and the others do not wait for it', async (t) => {
  const { clock, log, place } = setUp();
  log.state = 'down';
  await place();
  log.state = 'silent';
  await clock.advance(500);
  const probe = place();
  t.same(await Promise.all([place(), place()]), [false, false]);
  t.equal(log.appends, 3);
  await clock.advance(DEADLINE_MS);
  t.equal(await probe, false, 'a probe is not repeated');
  t.equal(log.appends, 3);
});

t.test('concurrent failures open the breaker once', async (t) => {
  const { clock, log, place } = setUp();
  log.state = 'silent';
  const placed = [place(), place(), place(), place()];
  await clock.advance(DEADLINE_MS);
  await clock.advance(DEADLINE_MS);
  t.same(await Promise.all(placed), [false, false, false, false]);
  log.state = 'up';
  await clock.advance(500);
  t.equal(await place(), true, 'the next probe is half a second later');
});

t.test('the breaker closes with the first successful append', async (t) => {
  const { clock, log, place, breaker } = setUp();
  log.state = 'down';
  await place();
  log.state = 'up';
  await clock.advance(500);
  t.equal(await place(), true);
  t.equal(await place(), true);
  t.same(breaker, ['open', 'closed']);
});

t.test('each failed probe doubles the open time, up to 4 s', async (t) => {
  const { clock, log, place, breaker } = setUp();
  log.state = 'down';
  await place();
  for (const openMs of [500, 1000, 2000, 4000, 4000]) {
    const before = log.appends;
    await clock.advance(openMs - 1);
    await place();
    t.equal(log.appends, before, `not before ${openMs} ms`);
    await clock.advance(1);
    await place();
    t.equal(log.appends, before + 1);
  }
  t.same(breaker, ['open'], 'reported once');
});

t.test('records of several partitions are one request, and each has its result', async (t) => {
  const { placeAll, requests } = setUp();
  t.not(partitionOf(FIRST), partitionOf(SECOND));
  t.same(await placeAll(FIRST, SECOND, FIRST), [true, true, true]);
  t.same(requests, [[partitionOf(FIRST), partitionOf(SECOND)]]);
});

t.test('a failed partition does not fail the others', async (t) => {
  const { clock, log, placeAll, breakers } = setUp();
  log.broken.set(partitionOf(SECOND), 'down');
  t.same(await placeAll(FIRST, SECOND, FIRST), [true, false, true]);
  t.same(breakers, [[partitionOf(SECOND), 'open']]);
  const before = log.appends;
  t.same(await placeAll(FIRST, SECOND), [true, false]);
  t.equal(log.appends, before + 1, 'a partition with an open breaker is skipped');
  log.broken.clear();
  await clock.advance(500);
  t.same(await placeAll(FIRST, SECOND), [true, true]);
  t.same(breakers.at(-1), [partitionOf(SECOND), 'closed']);
});

t.test('after a time-out no call waits for the deadline of another partition', async (t) => {
  const { clock, log, placeAll, requests } = setUp();
  log.broken.set(partitionOf(SECOND), 'silent');
  const first = placeAll(FIRST, SECOND);
  await clock.advance(DEADLINE_MS);
  // The second try has one request per partition, as have calls that arrive now.
  t.same(await placeAll(FIRST), [true]);
  await clock.advance(DEADLINE_MS);
  t.same(await first, [true, false]);
  await clock.advance(500);
  const probing = placeAll(FIRST, SECOND);
  await clock.advance(0);
  t.same(
    requests.slice(-2).sort(),
    [[partitionOf(FIRST)], [partitionOf(SECOND)]].sort(),
    'the probe is a separate request',
  );
  await clock.advance(DEADLINE_MS);
  t.same(await probing, [true, false]);
});

t.test('ten seconds after the last failure partitions share a request again', async (t) => {
  const { clock, log, placeAll, requests } = setUp();
  log.broken.set(partitionOf(SECOND), 'down');
  await placeAll(FIRST, SECOND);
  log.broken.clear();
  await clock.advance(4000);
  await placeAll(FIRST, SECOND);
  await clock.advance(5999);
  await placeAll(FIRST, SECOND);
  t.equal(requests.at(-1)?.length, 1);
  await clock.advance(1);
  await placeAll(FIRST, SECOND);
  t.equal(requests.at(-1)?.length, 2);
});

t.test('only the orders of a failed partition are decided directly', async (t) => {
  const { clock, log, appender } = setUp();
  log.broken.set(partitionOf(SECOND), 'down');
  const readStock = (sid: number) => ({ freshForMs: 1000, heldMs: 0, value: { ...STOCK, sid } });
  let transactions = 0;
  const database = {
    async transaction() {
      transactions += 1;
      throw Object.assign(new Error('invalid data'), { errno: ER_DATA_TOO_LONG });
    },
  } as unknown as Database;
  const decider = createDirectDecider({
    clock,
    random: Math.random,
    database,
    deadlineMs: 1000,
    payWithinMs: 1000,
    onUnits: () => undefined,
  });
  const placed = await placeOrders(
    {
      clock,
      stocks: { read: readStock, lastKnown: readStock },
      encodeRecords: createRecordEncoder(testRecordKey, COMPACT_VERSION),
      takesDetails: true,
      pending: { estimate: () => 0 },
      appender,
      decider,
    },
    // Promised repeats, which are not refused before their decision.
    [FIRST, SECOND].map((sid) => {
      return { orderNo: `${sid}-x`, sid, buyer: 'ann', mintedAtMs: 1, repeat: true, promised: true };
    }),
    'consumer-1',
  );
  t.match(placed, [{ placed: 'APPENDED' }, { placed: 'INVALID' }]);
  t.equal(transactions, 1);
});
