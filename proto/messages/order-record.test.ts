import fc from 'fast-check';
import t from 'tap';
import { testOrder } from '../../ci/testing/orders/encode-test-record.ts';
import type { OrderRecordInput } from '../gen/flashsale/internal/v1/OrderRecord.ts';
import { parseSecretKeys, type SecretKey } from '../settings/secret-keys.ts';
import { MAX_COMPACT_BYTES, MAX_ORDERS_IN_RECORD } from './compact-orders.ts';
import { OrderRecordType } from './load-protos.ts';
import {
  COMPACT_VERSION,
  type DecodedRecord,
  decodeOrderRecord,
  encodeCompactRecord,
  encodeOrderRecord,
  isolateOrder,
} from './order-record.ts';
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
const signText = (text: string, key = current) =>
  signMessage(
    'order record',
    key,
    OrderRecordType.serialize({ version: COMPACT_VERSION, compactOrders: Buffer.from(text, 'latin1') }),
  );
const reasonOf = (decoded: DecodedRecord) => (decoded.kind === 'invalid' ? decoded.reason : decoded.kind);

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

t.test('an order is encoded and decoded, with the current key and the previous one', async (t) => {
  fc.assert(
    fc.property(orderArbitrary, fc.constantFrom(current, previous), (order, key) => {
      t.same(decodeOrderRecord(encodeOrderRecord(order, key), signedOnly), { kind: 'orders', orders: [order] });
    }),
  );
});

t.test('several orders are encoded and decoded in their sequence, and each can be isolated', async (t) => {
  const listArbitrary = fc.array(orderArbitrary, { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(listArbitrary, fc.constantFrom(current, previous), fc.nat(), (list, key, nth) => {
      const orders = list.map((order) => ({ ...order, replyTo: list[0]?.replyTo ?? '' }));
      const value = encodeCompactRecord(orders, key);
      t.same(decodeOrderRecord(value, signedOnly), { kind: 'orders', orders });
      const index = nth % orders.length;
      const isolated = isolateOrder(value, index, signedOnly.keys);
      t.same(decodeOrderRecord(isolated, signedOnly), { kind: 'orders', orders: [orders[index]] });
      t.equal(isolateOrder(value, orders.length, signedOnly.keys), null);
    }),
  );
});

t.test('the most and the longest orders fit into a record', async (t) => {
  const longest = {
    orderNo: 'x'.repeat(64),
    sid: Number.MAX_SAFE_INTEGER,
    buyer: '~'.repeat(255),
    replyTo: 'r'.repeat(64),
    mintedAtMs: Number.MAX_SAFE_INTEGER,
    stampMs: Number.MAX_SAFE_INTEGER,
    takesNoUnit: true,
    metClosed: true,
    maxPriceCents: Number.MAX_SAFE_INTEGER,
  };
  const orders = Array(MAX_ORDERS_IN_RECORD).fill(longest);
  t.same(decodeOrderRecord(encodeCompactRecord(orders, current), signedOnly), { kind: 'orders', orders });
  t.throws(() => encodeCompactRecord([...orders, longest], current), 'too many');
  t.throws(() => encodeCompactRecord([], current), 'none');
  t.throws(() => encodeCompactRecord([longest, { ...longest, replyTo: '' }], current), 'two reply addresses');
});

const LINE = '1-A 1 ann 5 0 0 -';

t.test('a malformed record of several orders is invalid as a whole', async (t) => {
  const reason = (text: string) => reasonOf(decodeOrderRecord(signText(text), signedOnly));
  t.equal(reason(`2 consumer-1\n${LINE}\n${LINE}`), 'orders', 'this one is well formed');
  const firstLine = 'the first line is not a number of orders and a reply address';
  for (const first of [
    '',
    '0 ',
    '01 ',
    '-1 ',
    '1',
    '1  ',
    '1 a b',
    '1 ä',
    ' 1 ',
    '501 ',
    '999 ',
    '1000 ',
    '1e0 ',
    '1 \r',
  ])
    t.equal(reason(`${first}\n${LINE}`), firstLine, JSON.stringify(first));
  t.equal(reason(`2 \n${LINE}`), '1 orders, announced 2');
  t.equal(reason(`1 \n${LINE}\n${LINE}`), '2 orders, announced 1');
  t.equal(reason(`1 \n${LINE}\n`), '2 orders, announced 1', 'a line break at the end');
  t.equal(reason('1 '), '0 orders, announced 1');
  t.equal(reason(`1 \n${'x'.repeat(MAX_COMPACT_BYTES)}`), `longer than ${MAX_COMPACT_BYTES} bytes`);
  const many = Array(MAX_ORDERS_IN_RECORD + 1).fill(LINE);
  t.equal(reason(`${many.length} \n${many.join('\n')}`), firstLine, 'too many orders');
});

t.test('an invalid order does not make the others of its record invalid', async (t) => {
  const reasons: [line: string, reason: string | RegExp][] = [
    ['', 'not 7 fields'],
    ['1-A 1 ann 5 0 0', 'not 7 fields'],
    [`${LINE} 1`, 'not 7 fields'],
    ['1-A 1 two words 5 0 0 -', 'not 7 fields'],
    ['1-A  1 ann 5 0 0 -', 'not 7 fields'],
    [`${LINE}\r`, /is not a number/],
    ...['0x1', '+1', '1.0', '', '01', '-1', '1e3', '12345678901234567'].map((sid): [string, RegExp] => [
      `1-A ${sid} ann 5 0 0 -`,
      /is not a number/,
    ]),
    ['1-A 1 ann 9007199254740992 0 0 -', /is not a number/],
    ['1-A 1 ann 5 x 0 -', /is not a number/],
    ['1-A 1 ann 5 0 0 1.5', /is not a number/],
    ['1-A 1 ann 5 0 4 -', 'unknown flags'],
    ['1-A 1 ann 5 0 - -', 'unknown flags'],
    ['1-A 0 ann 5 0 0 -', 'sid 0 is not a stock id'],
    ['1-A 9007199254740992 ann 5 0 0 -', 'sid 9007199254740992 is not a stock id'],
    [`${'x'.repeat(65)} 1 ann 5 0 0 -`, 'order_no is not an order number'],
    [' 1 ann 5 0 0 -', 'order_no is not an order number'],
    ['1-A 1  5 0 0 -', 'buyer is not 1 to 255 visible ASCII characters'],
    ['1-A 1 jürgen 5 0 0 -', 'buyer is not 1 to 255 visible ASCII characters'],
    [`1-A 1 ${'x'.repeat(256)} 5 0 0 -`, 'buyer is not 1 to 255 visible ASCII characters'],
  ];
  const value = signText(`${reasons.length + 1} \n${reasons.map(([line]) => line).join('\n')}\n${LINE}`);
  const decoded = decodeOrderRecord(value, signedOnly);
  if (decoded.kind !== 'orders') throw new Error(reasonOf(decoded));
  for (const [i, [line, invalid]] of reasons.entries()) t.match(decoded.orders[i], { invalid }, JSON.stringify(line));
  t.match(decoded.orders.at(-1), { orderNo: '1-A', buyer: 'ann' });
  const isolated = isolateOrder(value, 2, signedOnly.keys);
  t.same(decodeOrderRecord(isolated, signedOnly), { kind: 'orders', orders: [{ invalid: 'not 7 fields' }] });
});

t.test('the signature covers the number of orders, each order and its place', async (t) => {
  const orders = ['ann', 'bob', 'kim'].map((buyer) => testOrder({ orderNo: `1-${buyer}`, sid: 1, buyer }));
  const value = encodeCompactRecord(orders, current);
  const genuine = decodeOrderRecord(value, signedOnly);
  for (let i = 0; i < value.length; i += 1) {
    const changed = Buffer.from(value);
    changed[i] = (changed[i] ?? 0) ^ 1;
    const decoded = decodeOrderRecord(changed, signedOnly);
    // A bit of the envelope may not matter; its content is the same then.
    if (decoded.kind === 'orders') t.same(decoded, genuine, `byte ${i}`);
    else t.equal(isolateOrder(changed, 0, signedOnly.keys), null, `byte ${i}`);
  }
  const [ann = '', bob = ''] = value.toString('latin1').match(/1-(ann|bob) .*(?=\n)/g) ?? [];
  const swapped = Buffer.from(value.toString('latin1').replace(ann, '@').replace(bob, ann).replace('@', bob), 'latin1');
  t.equal(swapped.length, value.length);
  t.equal(reasonOf(decodeOrderRecord(swapped, signedOnly)), 'no valid signature');
  for (let length = 0; length < value.length; length += 1)
    t.not(decodeOrderRecord(value.subarray(0, length), signedOnly).kind, 'orders', `${length} bytes`);
});

t.test('any bytes decode to an order, a version or a reason, without an exception', async (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, acceptsUnsigned) => {
      const payload = Buffer.from(bytes);
      const text = signText(payload.toString('latin1'));
      for (const value of [payload, signMessage('order record', current, payload), text])
        t.type(decodeOrderRecord(value, { keys: [current], acceptsUnsigned }).kind, 'string');
    }),
  );
});

t.test('every malformed record has a reason', async (t) => {
  const reason = (record: OrderRecordInput) => reasonOf(decodeOrderRecord(sign(record), signedOnly));
  t.equal(reason(good), 'orders', 'this one is well formed');
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
  t.match(decodeOrderRecord(old, unsignedToo), { kind: 'orders', orders: [{ orderNo: '1-A', stampMs: null }] });
  t.equal(reasonOf(decodeOrderRecord(OrderRecordType.serialize(good), unsignedToo)), 'no valid signature');
});

t.test('a signed record of an unknown version is not an invalid record', async (t) => {
  for (const version of [0, 1, 5, 2_147_483_647])
    t.same(decodeOrderRecord(sign({ ...good, version }), signedOnly), { kind: 'unknown_version', version });
});

t.test('an order with details has a record of version 4, and other orders have the bytes of version 3', async (t) => {
  const plain = testOrder({ orderNo: '1-A', sid: 1, buyer: 'ann', mintedAtMs: 5 });
  const detailed = { ...plain, orderNo: '1-B', quantity: 3, reference: 'cart-7', metadata: '{"gift":"はい"}' };
  t.same(
    encodeCompactRecord([{ ...plain, quantity: 1, reference: null, metadata: null }], current),
    encodeCompactRecord([plain], current),
  );
  t.same(encodeCompactRecord([plain], current), signText('1 \n1-A 1 ann 5 0 0 -'), 'version 3, without further fields');
  const decoded = decodeOrderRecord(encodeCompactRecord([plain, detailed], current), signedOnly);
  t.same(decoded, { kind: 'orders', orders: [plain, detailed] });
  const [, alone] = [0, 1].map((index) =>
    isolateOrder(encodeCompactRecord([plain, detailed], current), index, [current]),
  );
  t.same(decodeOrderRecord(alone ?? null, signedOnly), { kind: 'orders', orders: [detailed] });
});

t.test('details that cannot be are invalid, and only in their line', async (t) => {
  const line = (details: string) => `1-A 1 ann 5 0 0 - ${details}`;
  const wrong = ['0  ', '1001  ', '01  ', '2 ü ', `2 ${'r'.repeat(65)} `, '2  bm90IGpzb24', '2  eyJhIjoxfQ', '2 '].map(
    line,
  );
  const text = [`${wrong.length + 1} `, ...wrong, line('2 cart-7 ')].join('\n');
  const payload = OrderRecordType.serialize({ version: 4, compactOrders: Buffer.from(text, 'latin1') });
  const decoded = decodeOrderRecord(signMessage('order record', current, payload), signedOnly);
  const orders = decoded.kind === 'orders' ? decoded.orders : [];
  t.same(
    orders.map((order) => 'invalid' in order),
    [...wrong.map(() => true), false],
  );
  t.match(decodeOrderRecord(signText(`1 \n${line('2 cart-7 ')}`), signedOnly), {
    orders: [{ invalid: 'not 7 fields' }],
  });
});
