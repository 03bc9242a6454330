import t from 'tap';
import { testOrder, testRecordKey, testVerification } from '../../ci/testing/orders/encode-test-record.ts';
import { partitionOf } from '../../proto/kafka/partition-of.ts';
import { MAX_COMPACT_BYTES } from '../../proto/messages/compact-orders.ts';
import {
  COMPACT_VERSION,
  decodeOrderRecord,
  type LoggedOrder,
  SINGLE_VERSION,
} from '../../proto/messages/order-record.ts';
import { createRecordEncoder } from './record-encoder.ts';

// 4 and 15 share a partition, 7 has another.
const SIDS = [4, 7, 15];
const orders = Array.from({ length: 2100 }, (_, i) => {
  const sid = SIDS[i % 3] ?? 0;
  return testOrder({ orderNo: `${sid}-${i}`, sid, buyer: `buyer-${i}`, mintedAtMs: i });
});

for (const [version, sizes] of [
  [COMPACT_VERSION, { 4: [500, 500, 400], 7: [500, 200] }],
  [SINGLE_VERSION, { 4: Array(1400).fill(1), 7: Array(700).fill(1) }],
] as const) {
  t.test(`version ${version}: each partition has its orders in their sequence`, async (t) => {
    const encoded = createRecordEncoder(testRecordKey, version)(orders);
    t.same([...encoded.keys()].sort(), [partitionOf(4), partitionOf(7)].sort());
    for (const [sid, expected] of Object.entries(sizes)) {
      const partition = partitionOf(Number(sid));
      const records = encoded.get(partition) ?? [];
      t.same(
        records.map(({ sids }) => sids.length),
        expected,
      );
      const decoded = records.flatMap(({ value }): LoggedOrder[] => {
        const record = decodeOrderRecord(value, testVerification);
        return record.kind === 'orders' ? (record.orders as LoggedOrder[]) : [];
      });
      t.same(
        decoded,
        orders.filter((order) => partitionOf(order.sid) === partition),
      );
      t.same(
        records.flatMap(({ sids }) => sids),
        decoded.map(({ sid }) => sid),
      );
    }
  });
}

t.test('orders with long metadata have more records, each below the limit', async (t) => {
  const metadata = JSON.stringify({ note: 'x'.repeat(2000) });
  const long = orders.slice(0, 900).map((order) => ({ ...order, sid: 4, quantity: 2, metadata }));
  const records = createRecordEncoder(testRecordKey, COMPACT_VERSION)(long).get(partitionOf(4)) ?? [];
  t.ok(records.every(({ value }) => value.length < MAX_COMPACT_BYTES + 200));
  const decoded = records.map(({ value }) => decodeOrderRecord(value, testVerification));
  t.same(
    decoded
      .flatMap((record) => (record.kind === 'orders' ? record.orders : []))
      .map((order) => 'orderNo' in order && order.orderNo),
    long.map(({ orderNo }) => orderNo),
  );
});
