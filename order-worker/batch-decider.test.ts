import t from 'tap';
import { auditStock } from '../ci/testing/orders/audit-stock.ts';
import { createTestStock } from '../ci/testing/orders/create-test-stock.ts';
import { createTestDatabase } from '../ci/testing/servers/test-database.ts';
import { connectMysql } from '../db/mysql/connect-mysql.ts';
import { createDatabase, type Database } from '../db/mysql/database.ts';
import { isInvalidOrder } from '../db/orders/decide-batch.ts';
import type { Decided, PendingOrder } from '../db/orders/decide-orders.ts';
import { partitionOf } from '../proto/kafka/partition-of.ts';
import { NotOwnedError } from '../proto/kafka/work-through-batch.ts';
import { realClock } from '../proto/process/clock.ts';
import { createBatchDecider } from './batch-decider.ts';

const { mysql, database, url } = await createTestDatabase(t);

/** Counts the transactions, and the calls that decide a batch in one. */
function setUp(maxOrders = 1000) {
  const count = { transactions: 0 };
  const counting: Database = {
    ...database,
    session(work) {
      count.transactions += 1;
      return database.session(work);
    },
    transaction(work) {
      count.transactions += 1;
      return database.transaction(work);
    },
  };
  return {
    count,
    decide: createBatchDecider(counting, { clock: realClock, random: Math.random, payWithinMs: 1000, maxOrders }),
  };
}

/** Stocks of different partitions, one for each number of units. */
async function makeStocks(...counts: number[]): Promise<number[]> {
  const sids: number[] = [];
  for (const count of counts) {
    let sid = await createTestStock(mysql, { count });
    while (sids.some((other) => partitionOf(other) === partitionOf(sid))) sid = await createTestStock(mysql, { count });
    sids.push(sid);
  }
  return sids;
}

function orders(sid: number, ...buyers: string[]): PendingOrder[] {
  const partition = partitionOf(sid);
  return buyers.map((buyer, i) => {
    const orderNo = `${sid}-${buyer}-${i}`;
    return { orderNo, sid, buyer, mintedAtMs: Date.now(), partition, offset: BigInt(i) };
  });
}

const ours = () => undefined;
const summarize = ({ outcomes, units }: Decided) => ({
  decisions: outcomes.map((outcome) => [outcome.orderNo, isInvalidOrder(outcome) ? outcome.invalid : outcome.decision]),
  units: units.map(({ sid, sale }) => [sid, sale]),
});

t.test('batches that arrive together are one transaction, and each gets its own outcomes', async (t) => {
  const { count, decide } = setUp();
  const [a = 0, b = 0, c = 0] = await makeStocks(1, 2, 0);
  const decided = await Promise.all([
    decide(orders(a, 'ann', 'bob'), ours),
    decide(orders(b, 'kim', 'kim', 'lee'), ours),
    decide(orders(c, 'ann'), ours),
  ]);
  t.equal(count.transactions, 1);
  t.same(decided.map(summarize), [
    {
      decisions: [
        [`${a}-ann-0`, 'CONFIRMED'],
        [`${a}-bob-1`, 'SOLD_OUT'],
      ],
      units: [[a, 1]],
    },
    {
      decisions: [
        [`${b}-kim-0`, 'CONFIRMED'],
        [`${b}-kim-1`, 'DUPLICATE'],
        [`${b}-lee-2`, 'CONFIRMED'],
      ],
      units: [[b, 2]],
    },
    { decisions: [[`${c}-ann-0`, 'SOLD_OUT']], units: [[c, 0]] },
  ]);
});

t.test('batches beyond the size of one transaction are decided apart', async (t) => {
  const { count, decide } = setUp(3);
  const [a = 0, b = 0] = await makeStocks(2, 2);
  const decided = await Promise.all([decide(orders(a, 'ann', 'bob'), ours), decide(orders(b, 'kim', 'lee'), ours)]);
  t.equal(count.transactions, 2);
  t.same(
    decided.map(summarize).map(({ units }) => units),
    [[[a, 2]], [[b, 2]]],
  );
});

t.test('a batch whose partition was taken away is dropped, and the others are decided', async (t) => {
  const { decide } = setUp();
  const [a = 0, b = 0] = await makeStocks(1, 1);
  const gone = () => {
    throw new NotOwnedError('the partition has another owner now');
  };
  const [first, second] = await Promise.allSettled([decide(orders(a, 'ann'), gone), decide(orders(b, 'kim'), ours)]);
  t.match(first, { status: 'rejected', reason: { name: 'NotOwnedError' } });
  t.equal(second.status, 'fulfilled');
  t.match(await auditStock(mysql, a), { sale: 0, live: 0 });
  t.match(await auditStock(mysql, b), { sale: 1, live: 1 });
});

t.test('a batch whose stock is locked does not delay the others', async (t) => {
  const statementMs = 300;
  const pool = connectMysql({ url, maxConnections: 4, acquireDeadlineMs: 5000, statementMs });
  t.teardown(() => pool.destroy());
  const decide = createBatchDecider(createDatabase({ mysql: pool, statementMs }), {
    clock: realClock,
    random: Math.random,
    payWithinMs: 1000,
    maxOrders: 1000,
  });
  // Units are taken in order of id: the common transaction holds the other row when it reaches the locked one.
  const [b = 0, a = 0] = (await makeStocks(1, 1)).sort((a, b) => a - b);
  const lock = await mysql.transaction();
  await lock.raw('SELECT id FROM stock WHERE id = ? FOR UPDATE', [a]);
  const startedMs = performance.now();
  const first = decide(orders(a, 'ann'), ours);
  t.match(summarize(await decide(orders(b, 'kim'), ours)), { decisions: [[`${b}-kim-0`, 'CONFIRMED']] });
  t.ok(performance.now() - startedMs < 10_000, 'nor is the common transaction waited for');
  t.match(await auditStock(mysql, a), { sale: 0, live: 0 }, 'while it is still locked');
  await lock.rollback();
  t.match(summarize(await first), { decisions: [[`${a}-ann-0`, 'CONFIRMED']] });
});

t.test('an order that cannot be decided is invalid in its own batch', async (t) => {
  const { decide } = setUp();
  const [a = 0, b = 0] = await makeStocks(1, 1);
  const invalid = orders(a, 'ann').map((order) => ({ ...order, orderNo: 'x'.repeat(65) }));
  const [first, second] = await Promise.all([decide(invalid, ours), decide(orders(b, 'kim'), ours)]);
  t.match(first.outcomes, [{ invalid: /database refuses it/ }]);
  t.match(summarize(second), { decisions: [[`${b}-kim-0`, 'CONFIRMED']] });
});
