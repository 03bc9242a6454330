import t from 'tap';
import { ORDER_PARTITIONS, partitionOf } from '../../../proto/kafka/partition-of.ts';
import { OrderRecordType } from '../../../proto/messages/load-protos.ts';
import {
  COMPACT_VERSION,
  encodeOrderRecord,
  isolateOrder,
  type LoggedOrder,
} from '../../../proto/messages/order-record.ts';
import { signMessage } from '../../../proto/messages/signed-message.ts';
import { parseSecretKeys, type SecretKey } from '../../../proto/settings/secret-keys.ts';
import { auditStock } from '../../testing/orders/audit-stock.ts';
import { createTestStock } from '../../testing/orders/create-test-stock.ts';
import {
  encodeTestCompact,
  encodeTestRecord,
  testOrder,
  testRecordKey,
} from '../../testing/orders/encode-test-record.ts';
import { readTopic } from '../../testing/orders/read-topic.ts';
import { startRecordAppender } from '../../testing/orders/record-appender.ts';
import { waitForDrain } from '../../testing/orders/wait-for-drain.ts';
import { startTarget } from '../../testing/servers/target.ts';

// Records that are no orders: from other programs, other releases or an attacker.

const target = await startTarget(t);
const { mysql, topics } = target.servers;
const sid = await createTestStock(mysql, { count: 9 });
const otherSid = await createTestStock(mysql, { count: 9 });
const append = await startRecordAppender(t, topics);
const dead = await readTopic(t, topics, topics.names.ordersDead);
const ownPartition = partitionOf(sid);

const good: LoggedOrder = testOrder({ orderNo: `${sid}-first`, sid, buyer: 'ann' });
const foreignKey = parseSecretKeys('the key of another system, 32 chars')[0] as SecretKey;
const like = (more: Partial<LoggedOrder>) =>
  encodeTestRecord({ ...good, orderNo: `${sid}-bad`, buyer: 'eve', ...more });
const unsigned = (version: number) =>
  OrderRecordType.serialize({ version, orderNo: `${sid}-forged`, sid, buyer: 'eve', replyTo: '', mintedAtMs: 1 });
const compact = (text: string) =>
  signMessage(
    'order record',
    testRecordKey,
    OrderRecordType.serialize({ version: COMPACT_VERSION, compactOrders: Buffer.from(text, 'latin1') }),
  );
const line = (orderNo: string) => `${sid}-${orderNo} ${sid} eve 5 0 0 -`;
// One invalid order between two valid ones.
const mixed = encodeTestCompact([
  { ...good, orderNo: `${sid}-may`, buyer: 'may' },
  { ...good, orderNo: `${sid}-max`, buyer: 'two words' },
  { ...good, orderNo: `${sid}-may`, buyer: 'may' },
]);
// An unknown field, as a later release would add it: the record is still an order.
const later = Buffer.concat([
  encodeTestRecord({ ...good, orderNo: `${sid}-later`, buyer: 'lee' }),
  Buffer.from([0xf8, 0x01, 0x07]),
]);

type Row = [name: string, value: Buffer | null, reason: RegExp, partition?: number];
const rows: Row[] = [
  ['a tombstone', null, /no value/],
  ['an empty value', Buffer.alloc(0), /no valid signature/],
  ['a string', Buffer.from('buy one for me'), /no valid signature/],
  ['JSON', Buffer.from(JSON.stringify(good)), /no valid signature/],
  ['a truncated record', encodeTestRecord(good).subarray(0, 12), /no valid signature/],
  ['random bytes', Buffer.from(Array.from({ length: 400 }, (_, i) => (i * 7919) % 256)), /no valid signature/],
  ['500 KB of zeros', Buffer.alloc(500_000), /no valid signature/],
  ['an unsigned record of version 1', unsigned(1), /no valid signature/],
  ['an unsigned record of version 2', unsigned(2), /no valid signature/],
  ['a record with another system’s signature', encodeOrderRecord(good, foreignKey), /no valid signature/],
  ['the partition of another stock', like({}), /^not the partition of/, (ownPartition + 1) % ORDER_PARTITIONS],
  ['stock 0', like({ sid: 0 }), /sid 0/],
  ['stock -1', like({ sid: -1 }), /sid -1/],
  ['stock 2^53', like({ sid: 2 ** 53 }), /sid 9007199254740992/],
  ['an order without a number', like({ orderNo: '' }), /^order_no/],
  ['an order number of SQL', like({ orderNo: "1' OR '1'='1" }), /^order_no/],
  ['an order number of 65 characters', like({ orderNo: 'x'.repeat(65) }), /^order_no/],
  ['an order without a buyer', like({ buyer: '' }), /^buyer/],
  ['a buyer of two words', like({ buyer: 'two words' }), /^buyer/],
  ['a buyer outside ASCII', like({ buyer: 'änn' }), /^buyer/],
  [
    'the first order’s number, for another buyer',
    like({ orderNo: good.orderNo, buyer: 'bob' }),
    /another stock or buyer/,
  ],
  ['several orders, of which one is missing', compact(`2 \n${line('bad')}`), /^1 orders, announced 2$/],
  ['several orders, and one more', compact(`1 \n${line('bad')}\n${line('bad-2')}`), /^2 orders, announced 1$/],
  ['several orders without a number', compact(line('bad')), /^the first line/],
  ['several orders, unsigned', Buffer.from(`1 \n${line('bad')}`), /no valid signature/],
  ['several orders, cut off', compact(`1 \n${line('bad')}`).subarray(0, -3), /no valid signature/],
  ['300 KB of orders', compact(`300 \n${Array(300).fill('x'.repeat(999)).join('\n')}`), /^longer than 262144 bytes$/],
  ['an order with eight fields', compact(`1 \n${line('bad')} 1`), /^not 7 fields$/],
  [
    'a time out of range',
    like({ orderNo: `${sid}-time`, mintedAtMs: 8_000_000_000_000_000 }),
    /the database refuses it/,
  ],
];

const record = (value: Buffer | null) => ({ key: String(sid), value });
await append(ownPartition, [record(encodeTestRecord(good))]);
await waitForDrain(topics);
await target.settle();
for (const [, value, , partition = ownPartition] of rows) await append(partition, [record(value)]);
await append(ownPartition, [record(encodeTestRecord(good)), record(encodeTestRecord(good))]);
await waitForDrain(topics);
/** A record's bytes. A lost answer from Kafka may append a record or its dead letter twice. */
const bytesOf = ({ value }: { value: Buffer | null }) => value?.toString('base64') ?? null;
const letters = await dead.waitFor(rows.length, bytesOf);

for (const [name, value, reason, partition = ownPartition] of rows) {
  t.test(`${name} is dead-lettered with the reason`, async (t) => {
    const found = letters.filter((letter) =>
      value === null ? letter.value === null : letter.value?.equals(value) === true,
    );
    t.ok(found.length > 0, 'at least once');
    t.match(found[0]?.headers, { reason, partition: String(partition), offset: /^\d+$/ });
  });
}

t.test('no other record is dead-lettered, copies of an order do nothing, and nothing was changed', async (t) => {
  t.equal(new Set(letters.map(bytesOf)).size, rows.length);
  await target.isUnharmed(t);
});

t.test('the first order’s number for another stock is dead-lettered in its partition', async (t) => {
  const stolen = encodeTestRecord({ ...good, sid: otherSid });
  await append(partitionOf(otherSid), [record(stolen)]);
  await waitForDrain(topics);
  t.match((await dead.waitFor(rows.length + 1, bytesOf)).at(-1)?.headers, { reason: /another stock or buyer/ });
  await target.isUnharmed(t);
});

t.test('an invalid order of a record is dead-lettered alone, and the orders beside it are decided', async (t) => {
  await append(ownPartition, [record(mixed)]);
  await waitForDrain(topics);
  const alone = isolateOrder(mixed, 1, [testRecordKey]);
  const found = (await dead.waitFor(rows.length + 2, bytesOf)).filter(({ value }) => value?.equals(alone as Buffer));
  t.match(found[0]?.headers, { reason: 'not 7 fields', index: '1', partition: String(ownPartition) });
  t.match(found[0]?.key, new RegExp(`^${ownPartition}/\\d+/1$`));
  t.match(await auditStock(mysql, sid), { sale: 2, live: 2, states: { awaiting_payment: 2 } });
  await target.settle();
  await target.isUnharmed(t);
});

t.test('a field of a later release does not stop the partition', async (t) => {
  await append(ownPartition, [record(later)]);
  await waitForDrain(topics);
  t.match(await auditStock(mysql, sid), { sale: 3, live: 3, states: { awaiting_payment: 3 } });
  await target.settle();
  await target.isUnharmed(t);
});
