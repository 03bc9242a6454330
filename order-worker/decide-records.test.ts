import t from 'tap';
import { auditStock } from '../ci/testing/orders/audit-stock.ts';
import { createTestStock } from '../ci/testing/orders/create-test-stock.ts';
import {
  encodeTestCompact,
  encodeTestRecord,
  type TestOrder,
  testVerification,
} from '../ci/testing/orders/encode-test-record.ts';
import { createTestDatabase } from '../ci/testing/servers/test-database.ts';
import { readOrders } from '../db/orders/order-table.ts';
import { partitionOf } from '../proto/kafka/partition-of.ts';
import type { ReceivedRecord } from '../proto/kafka/work-through-batch.ts';
import { realClock } from '../proto/process/clock.ts';
import type { DeadLetter } from './append-dead-letters.ts';
import { createBatchDecider } from './batch-decider.ts';
import { decideRecords, type RecordDependencies } from './decide-records.ts';
import { decodeRecords } from './decode-records.ts';

const { database, mysql } = await createTestDatabase(t);
const pace = { clock: realClock, random: Math.random, payWithinMs: 900_000 };

t.test('a record with an invalid timestamp is decided', async (t) => {
  const sid = await createTestStock(mysql, { count: 9 });
  const goodMs = Date.UTC(2030, 0, 2, 10, 0, 0, 7);
  const times = [goodMs, -1, 0, Number.NaN, 9_000_000_000_000_000, Date.UTC(9999, 11, 31)];
  const entries = times.map((timestampMs, i) => {
    const order = { orderNo: `${sid}-${i}`, sid, buyer: `buyer-${i}`, replyTo: '', mintedAtMs: 1 };
    return { offset: BigInt(i), value: encodeTestRecord(order), timestampMs };
  });
  const parts = {
    decode: (records: ReceivedRecord[]) => decodeRecords(partitionOf(sid), records, testVerification, 1000),
    decide: createBatchDecider(database, { ...pace, maxOrders: 1000 }),
    publish: async () => undefined,
    publishEvents: async () => undefined,
    beforeDeciding: async () => undefined,
    deadLetter: async () => void t.fail('no dead letter'),
  };
  await decideRecords(parts, entries, () => undefined);
  const numbers = times.map((_, i) => `${sid}-${i}`);
  const orders = await database.session((session) => readOrders(session, numbers));
  const kept = orders.toSorted((a, b) => (a.orderNo < b.orderNo ? -1 : 1)).map(({ appendedAtMs }) => appendedAtMs);
  t.same(kept, [goodMs, null, null, null, null, Date.UTC(9999, 11, 31)]);
});

/** Decides records at the offsets 0, 1, …; returns how many were processed, and the dead letters. */
async function decideAll(sid: number, values: (Buffer | null)[], maxOrders = 1000) {
  const letters: DeadLetter[] = [];
  const sizes: number[] = [];
  const decide = createBatchDecider(database, { ...pace, maxOrders });
  const parts: RecordDependencies = {
    decode: (records) => decodeRecords(partitionOf(sid), records, testVerification, maxOrders),
    decide(orders, beforeTry) {
      sizes.push(orders.length);
      return decide(orders, beforeTry);
    },
    publish: async () => undefined,
    publishEvents: async () => undefined,
    beforeDeciding: async () => undefined,
    deadLetter: async (added) => void letters.push(...added),
  };
  const records = values.map((value, i) => ({ offset: BigInt(i), value, timestampMs: 1 }));
  const processed = await decideRecords(parts, records, () => undefined);
  return { processed, letters, sizes };
}

async function readPlaces(sid: number): Promise<string[]> {
  const sql = `SELECT CONCAT(buyer, ' ', state, ' ', log_partition, '/', log_offset, '/', log_index) AS place FROM stock_order
     WHERE sid = ? ORDER BY log_offset, log_index`;
  const [rows] = await mysql.raw(sql, [sid]);
  return rows.map(({ place }: { place: string }) => place.replace(`${partitionOf(sid)}/`, ''));
}

const order = (sid: number, buyer: string, more: Partial<TestOrder> = {}) => {
  return { orderNo: `${sid}-${buyer}`, sid, buyer, mintedAtMs: 1, ...more };
};

t.test('records of one and of several orders are decided in the sequence of their orders', async (t) => {
  const sid = await createTestStock(mysql, { count: 3 });
  const records = [
    encodeTestRecord(order(sid, 'ann')),
    encodeTestCompact([order(sid, 'bob'), order(sid, 'ann', { orderNo: `${sid}-ann-2` }), order(sid, 'bob')]),
    encodeTestRecord(order(sid, 'bob')),
    encodeTestCompact([order(sid, 'kim'), order(sid, 'eve')]),
  ];
  // A record that was appended twice, and a replay of all: each number keeps its first place.
  for (const values of [[...records, records[1] as Buffer], records]) {
    t.match(await decideAll(sid, values), { processed: values.length, letters: [] });
    t.same(await readPlaces(sid), [
      'ann awaiting_payment 0/0',
      'bob awaiting_payment 1/0',
      'ann duplicate 1/1',
      'kim awaiting_payment 3/0',
      'eve sold_out 3/1',
    ]);
  }
  t.match(await auditStock(mysql, sid), { sale: 3, live: 3 });
});

t.test('an invalid order of a record is a dead letter alone, with its place, that can be appended again', async (t) => {
  const sid = await createTestStock(mysql, { count: 9 });
  const elsewhere = [1, 2, 3].map((more) => sid + more).find((other) => partitionOf(other) !== partitionOf(sid)) ?? 0;
  const value = encodeTestCompact([
    order(sid, 'ann'),
    order(sid, 'two words'),
    order(elsewhere, 'kim'),
    order(sid, 'eve', { orderNo: `${sid}-ann` }),
    order(sid, 'eve', { mintedAtMs: 8_000_000_000_000_000 }),
    order(sid, 'bob'),
  ]);
  const { processed, letters } = await decideAll(sid, [value, encodeTestRecord(order(sid, 'kim'))]);
  t.equal(processed, 2);
  t.match(
    letters.toSorted((a, b) => (a.index ?? 0) - (b.index ?? 0)),
    [
      { offset: 0n, index: 1, reason: 'not 7 fields' },
      { offset: 0n, index: 2, reason: `not the partition of ${elsewhere}` },
      { offset: 0n, index: 3, reason: 'the number belongs to another stock or buyer' },
      { offset: 0n, index: 4, reason: /the database refuses it/ },
    ],
  );
  t.same(await readPlaces(sid), ['ann awaiting_payment 0/0', 'bob awaiting_payment 0/5', 'kim awaiting_payment 1/0']);
  for (const { value: alone, reason } of letters) {
    t.match(await decideAll(sid, [alone]), { processed: 1, letters: [{ reason, value: alone, index: undefined }] });
  }
  t.equal((await readPlaces(sid)).length, 3);
});

t.test('a malformed record of several orders is one dead letter', async (t) => {
  const sid = await createTestStock(mysql, { count: 9 });
  const value = encodeTestCompact([order(sid, 'ann\n'), order(sid, 'bob')]);
  t.match(await decideAll(sid, [value]), {
    processed: 1,
    letters: [{ reason: '4 orders, announced 2', value, index: undefined }],
  });
  t.same(await readPlaces(sid), []);
});

t.test(
  'the orders of a record are decided together, and no more records than the maximum number of orders allows',
  async (t) => {
    const sid = await createTestStock(mysql, { count: 99 });
    const record = (first: number, orders: number) =>
      encodeTestCompact(Array.from({ length: orders }, (_, i) => order(sid, `buyer-${first + i}`)));
    const records = [record(0, 2), record(2, 2), record(4, 7), record(11, 1), record(12, 4)];
    let left = records;
    const sizes: number[] = [];
    while (left.length > 0) {
      const decided = await decideAll(sid, left, 5);
      sizes.push(...decided.sizes);
      left = left.slice(decided.processed);
    }
    t.same(sizes, [4, 7, 5]);
    t.match(await auditStock(mysql, sid), { sale: 16, live: 16 });
  },
);
