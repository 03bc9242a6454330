import t from 'tap';
import { OrderRecordType } from '../../proto/load-protos.ts';
import { encodeOrderRecord, type LoggedOrder } from '../../proto/order-record.ts';
import { ORDER_PARTITIONS, partitionOf } from '../../proto/partition-of.ts';
import { openRecordAppender } from '../testing/append-records.ts';
import { auditStock } from '../testing/audit-stock.ts';
import { makeStock } from '../testing/make-stock.ts';
import { openTarget } from '../testing/open-target.ts';
import { readTopic } from '../testing/read-topic.ts';
import { waitForDrain } from '../testing/wait-for-drain.ts';

// What may lie on the log without being an order: of other programs, other releases, or somebody who writes where he should not.

const target = await openTarget(t);
const { mysql, topics } = target.servers;
const sid = await makeStock(mysql, { count: 9 });
const otherSid = await makeStock(mysql, { count: 9 });
const append = await openRecordAppender(t, topics);
const dead = await readTopic(t, topics, topics.names.ordersDead);
const home = partitionOf(sid);

const good: LoggedOrder = { orderNo: `${sid}-first`, sid, buyer: 'ann', replyTo: '', mintedAtMs: Date.now() };
const like = (more: Partial<LoggedOrder>) =>
  encodeOrderRecord({ ...good, orderNo: `${sid}-bad`, buyer: 'eve', ...more });
const raw = (more: object) => OrderRecordType.serialize({ version: 1, ...good, ...more });
// An unknown field is what a later release would add: the record stays an order.
const later = Buffer.concat([
  encodeOrderRecord({ ...good, orderNo: `${sid}-later`, buyer: 'lee' }),
  Buffer.from([0xf8, 0x01, 0x07]),
]);

type Row = [name: string, value: Buffer | null, reason: RegExp, partition?: number];
const rows: Row[] = [
  ['a tombstone', null, /without a value/],
  ['an empty value', Buffer.alloc(0), /version 0 is not known/],
  ['a text', Buffer.from('buy one for me'), /not an OrderRecord|not known here/],
  ['JSON', Buffer.from(JSON.stringify(good)), /not an OrderRecord|not known here/],
  ['a record that breaks off', encodeOrderRecord(good).subarray(0, 12), /not an OrderRecord|is not/],
  ['noise', Buffer.from(Array.from({ length: 400 }, (_, i) => (i * 7919) % 256)), /not an OrderRecord|not known here/],
  ['500 KB of nothing', Buffer.alloc(500_000), /not an OrderRecord|not known here/],
  ['version 0', raw({ version: 0 }), /version 0 is not known/],
  ['version 2', raw({ version: 2 }), /version 2 is not known/],
  ['version 2^31 - 1', raw({ version: 2_147_483_647 }), /is not known/],
  ['the partition of another stock', like({}), /^not the partition of/, (home + 1) % ORDER_PARTITIONS],
  ['stock 0', like({ sid: 0 }), /sid 0/],
  ['stock -1', like({ sid: -1 }), /sid -1/],
  ['stock 2^53', like({ sid: 2 ** 53 }), /sid 9007199254740992/],
  ['an order without a number', like({ orderNo: '' }), /^order_no/],
  ['an order number of SQL', like({ orderNo: "1' OR '1'='1" }), /^order_no/],
  ['an order number of 65 characters', like({ orderNo: 'x'.repeat(65) }), /^order_no/],
  ['no buyer', like({ buyer: '' }), /^buyer/],
  ['a buyer of two words', like({ buyer: 'two words' }), /^buyer/],
  ['a buyer outside ASCII', like({ buyer: 'änn' }), /^buyer/],
  [
    'the first order’s number, for another buyer',
    like({ orderNo: good.orderNo, buyer: 'bob' }),
    /another stock or buyer/,
  ],
  [
    'a time beyond all time',
    like({ orderNo: `${sid}-time`, mintedAtMs: 8_000_000_000_000_000 }),
    /the database refuses it/,
  ],
];

const record = (value: Buffer | null) => ({ key: String(sid), value });
await append(home, [record(encodeOrderRecord(good))]);
await waitForDrain(topics);
await target.settle();
for (const [, value, , partition = home] of rows) await append(partition, [record(value)]);
await append(home, [record(encodeOrderRecord(good)), record(encodeOrderRecord(good))]);
await waitForDrain(topics);
const buried = await dead.waitFor(rows.length);
/** Where it lay on the log. It may be buried twice, when an answer of Kafka's is lost. */
const placeOf = ({ key }: { key: string }) => key;

for (const [name, value, reason, partition = home] of rows) {
  t.test(`${name} is buried with the reason`, async (t) => {
    const found = buried.filter((one) => (value === null ? one.value === null : one.value?.equals(value) === true));
    t.equal(new Set(found.map(placeOf)).size, 1, 'one record, at least once');
    t.match(found[0]?.headers, { reason, partition: String(partition), offset: /^\d+$/ });
  });
}

t.test('nothing else is buried, copies of an order do nothing, and all is as it was', async (t) => {
  t.equal(new Set(buried.map(placeOf)).size, rows.length);
  await target.isUnharmed(t);
});

t.test('the first order’s number for another stock is buried on that one’s partition', async (t) => {
  const stolen = encodeOrderRecord({ ...good, sid: otherSid });
  await append(partitionOf(otherSid), [record(stolen)]);
  await waitForDrain(topics);
  t.match((await dead.waitFor(rows.length + 1)).at(-1)?.headers, { reason: /another stock or buyer/ });
  await target.isUnharmed(t);
});

t.test('the partition goes on: what a later release adds to an order does not stop it', async (t) => {
  await append(home, [record(later)]);
  await waitForDrain(topics);
  t.match(await auditStock(mysql, sid), { sale: 2, live: 2, states: { awaiting_payment: 2 } });
  await target.settle();
  await target.isUnharmed(t);
});
