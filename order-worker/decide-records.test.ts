import t from 'tap';
import { createTestStock } from '../ci/testing/orders/create-test-stock.ts';
import { encodeTestRecord, testVerification } from '../ci/testing/orders/encode-test-record.ts';
import { createTestDatabase } from '../ci/testing/servers/test-database.ts';
import { readOrders } from '../db/orders/order-table.ts';
import { partitionOf } from '../proto/kafka/partition-of.ts';
import { realClock } from '../proto/process/clock.ts';
import { createBatchDecider } from './batch-decider.ts';
import { decideRecords } from './decide-records.ts';

const { database, mysql } = await createTestDatabase(t);

t.test('a record with an invalid timestamp is decided', async (t) => {
  const sid = await createTestStock(mysql, { count: 9 });
  const goodMs = Date.UTC(2030, 0, 2, 10, 0, 0, 7);
  const times = [goodMs, -1, 0, Number.NaN, 9_000_000_000_000_000, Date.UTC(9999, 11, 31)];
  const entries = times.map((timestampMs, i) => {
    const order = { orderNo: `${sid}-${i}`, sid, buyer: `buyer-${i}`, replyTo: '', mintedAtMs: 1 };
    return { offset: BigInt(i), value: encodeTestRecord(order), timestampMs };
  });
  const parts = {
    verification: testVerification,
    decide: createBatchDecider(database, {
      clock: realClock,
      random: Math.random,
      payWithinMs: 900_000,
      maxOrders: 1000,
    }),
    publish: async () => undefined,
    deadLetter: async () => void t.fail('no dead letter'),
  };
  await decideRecords(parts, partitionOf(sid), entries, () => undefined);
  const numbers = times.map((_, i) => `${sid}-${i}`);
  const orders = await database.session((session) => readOrders(session, numbers));
  const kept = orders.toSorted((a, b) => (a.orderNo < b.orderNo ? -1 : 1)).map(({ appendedAtMs }) => appendedAtMs);
  t.same(kept, [goodMs, null, null, null, null, Date.UTC(9999, 11, 31)]);
});
