import fc from 'fast-check';
import t from 'tap';
import { testOrder } from '../../ci/testing/orders/encode-test-record.ts';
import type { OrderRecordInput } from '../gen/flashsale/v1/OrderRecord.ts';
import { parseSecretKeys, type SecretKey } from '../settings/secret-keys.ts';
import { OrderRecordType } from './load-protos.ts';
import { type DecodedRecord, decodeOrderRecord, encodeOrderRecord } from './order-record.ts';
import { signMessage } from './signed-message.ts';

const [current, previous] = parseSecretKeys('kJ8sW2nX5vB9mQ4zT7cR1yL6pD3fG0hA,aB3dF6gH9jK2mN5pQ8rS1tV4wX7yZ0cE') as [
  SecretKey,
  SecretKey,
];
const signedOnly = { keys: [current, previous], acceptsUnsigned: false };
const unsignedToo = { keys: [current], acceptsUnsigned: true };
const good: OrderRecordInput = { version: 2, orderNo: '1-A', sid: 1, buyer: 'ann', replyTo: '', mintedAtMs: 5 };
const sign = (record: OrderRecordInput, key = current) =>
  signMessage('order record', key, OrderRecordType.serialize(record));
const reasonOf = (decoded: DecodedRecord) => (decoded.kind === 'invalid' ? decoded.reason : decoded.kind);

t.test('an order is encoded and decoded, with the current key and the previous one', async (t) => {
  const time = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
  const orderArbitrary = fc.record({
    orderNo: fc.stringMatching(/^[0-9A-Za-z-]{1,64}$/),
    sid: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    buyer: fc.stringMatching(/^[!-~]{1,255}$/),
    replyTo: fc.stringMatching(/^[A-Za-z0-9._-]{0,64}$/),
    mintedAtMs: time,
    stampMs: fc.option(time),
    takesNoUnit: fc.boolean(),
    metClosed: fc.boolean(),
    maxPriceCents: fc.option(fc.nat()),
  });
  fc.assert(
    fc.property(orderArbitrary, fc.constantFrom(current, previous), (order, key) => {
      t.same(decodeOrderRecord(encodeOrderRecord(order, key), signedOnly), { kind: 'order', order });
    }),
  );
});

t.test('any bytes decode to an order, a version or a reason, without an exception', async (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, acceptsUnsigned) => {
      const payload = Buffer.from(bytes);
      for (const value of [payload, signMessage('order record', current, payload)])
        t.type(decodeOrderRecord(value, { keys: [current], acceptsUnsigned }).kind, 'string');
    }),
  );
});

t.test('every malformed record has a reason', async (t) => {
  const reason = (record: OrderRecordInput) => reasonOf(decodeOrderRecord(sign(record), signedOnly));
  t.equal(reason(good), 'order', 'this one is well formed');
  t.equal(reasonOf(decodeOrderRecord(null, signedOnly)), 'no value');
  for (const sid of [0, -1]) t.equal(reason({ ...good, sid }), `sid ${sid} is not a stock id`);
  t.match(reason({ ...good, sid: '9007199254740993' as unknown as number }), /^sid \d+ is not a stock id$/);
  for (const orderNo of ['', 'x'.repeat(65), '1 2', '1_2', 'ä', '1-A\n'])
    t.equal(reason({ ...good, orderNo }), 'order_no is not an order number', JSON.stringify(orderNo));
  for (const buyer of ['', 'x'.repeat(256), 'two words', 'jürgen', 'ann\n'])
    t.equal(reason({ ...good, buyer }), 'buyer is not 1 to 255 visible ASCII characters', JSON.stringify(buyer));
});

t.test('a record without a signature by one of the keys is invalid', async (t) => {
  const value = encodeOrderRecord(testOrder({ orderNo: '1-A', sid: 1, buyer: 'ann' }), current);
  const foreign = parseSecretKeys('another system has another key, of course')[0] as SecretKey;
  const forgeries = {
    unsigned: OrderRecordType.serialize(good),
    'unsigned, of version 1': OrderRecordType.serialize({ ...good, version: 1 }),
    'of another key': sign(good, foreign),
    'of another key under our id': sign(good, { id: current.id, secret: foreign.secret }),
    'of another purpose': signMessage('decisions', current, OrderRecordType.serialize(good)),
    'one bit off': Buffer.from(value.map((byte, i) => (i === 12 ? byte ^ 1 : byte))),
    'cut off': value.subarray(0, -1),
  };
  for (const [name, forged] of Object.entries(forgeries))
    t.equal(reasonOf(decodeOrderRecord(forged, signedOnly)), 'no valid signature', name);
});

t.test('unsigned records of version 1 are accepted only if configured', async (t) => {
  const old = OrderRecordType.serialize({ ...good, version: 1 });
  t.match(decodeOrderRecord(old, unsignedToo), { kind: 'order', order: { orderNo: '1-A', stampMs: null } });
  t.equal(reasonOf(decodeOrderRecord(OrderRecordType.serialize(good), unsignedToo)), 'no valid signature');
});

t.test('a signed record of an unknown version is not an invalid record', async (t) => {
  for (const version of [0, 1, 3, 2_147_483_647])
    t.same(decodeOrderRecord(sign({ ...good, version }), signedOnly), { kind: 'unknown_version', version });
});
