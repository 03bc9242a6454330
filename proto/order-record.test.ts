import fc from 'fast-check';
import t from 'tap';
import type { OrderRecordInput } from './gen/flashsale/v1/OrderRecord.ts';
import { OrderRecordType } from './load-protos.ts';
import { decodeOrderRecord, encodeOrderRecord } from './order-record.ts';

t.test('an order comes out of a record as it went in', async (t) => {
  const orderArbitrary = fc.record({
    orderNo: fc.stringMatching(/^[0-9A-Za-z-]{1,64}$/),
    sid: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    buyer: fc.stringMatching(/^[!-~]{1,255}$/),
    replyTo: fc.stringMatching(/^[A-Za-z0-9._-]{0,64}$/),
    mintedAtMs: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
  });
  fc.assert(
    fc.property(orderArbitrary, (order) => {
      t.same(decodeOrderRecord(encodeOrderRecord(order)), order);
    }),
  );
});

t.test('any bytes give an order or a reason, never an error', async (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const decoded = decodeOrderRecord(Buffer.from(bytes));
      return typeof decoded === 'string' ? decoded.length > 0 : decoded.sid > 0;
    }),
  );
  t.pass('in every case tried');
});

t.test('every malformed record gives its reason', async (t) => {
  const good: OrderRecordInput = { version: 1, orderNo: '1-A', sid: 1, buyer: 'ann', replyTo: '', mintedAtMs: 5 };
  const reason = (record: OrderRecordInput) => decodeOrderRecord(OrderRecordType.serialize(record));
  t.type(reason(good), 'object', 'this one is well formed');
  t.equal(decodeOrderRecord(null), 'a record without a value');
  t.match(decodeOrderRecord(Buffer.from([0x0f])), /^not an OrderRecord: /);
  t.equal(decodeOrderRecord(Buffer.alloc(0)), 'record version 0 is not known here');
  t.equal(reason({ ...good, version: 2 }), 'record version 2 is not known here');
  for (const sid of [0, -1]) t.equal(reason({ ...good, sid }), `sid ${sid} is not a stock id`);
  t.match(reason({ ...good, sid: '9007199254740993' as unknown as number }), /^sid \d+ is not a stock id$/);
  for (const orderNo of ['', 'x'.repeat(65), '1 2', '1_2', 'ä', '1-A\n'])
    t.equal(reason({ ...good, orderNo }), 'order_no is not an order number', JSON.stringify(orderNo));
  for (const buyer of ['', 'x'.repeat(256), 'two words', 'jürgen', 'ann\n'])
    t.equal(reason({ ...good, buyer }), 'buyer is not 1 to 255 visible ASCII characters', JSON.stringify(buyer));
});
