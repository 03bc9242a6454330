import fc from 'fast-check';
import t from 'tap';
import {
  kindOfOrderNumber,
  mintLadderNumber,
  mintOrderNumber,
  orderNumbersOf,
  stockOfOrderNumber,
} from './order-number.ts';
import { isOrderNo } from './order-record.ts';

const sidArbitrary = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const buyerArbitrary = fc.stringMatching(/^[!-~]{1,255}$/);

t.test('the stock of a number can be read for the buyer it was created for', async (t) => {
  fc.assert(
    fc.property(sidArbitrary, buyerArbitrary, fc.option(fc.string(), { nil: undefined }), (sid, buyer, key) => {
      const orderNo = mintOrderNumber('secret', sid, buyer, key);
      return isOrderNo(orderNo) && stockOfOrderNumber('secret', orderNo, buyer) === sid;
    }),
  );
  t.pass('in all cases');
});

t.test('the stock cannot be read with another buyer, secret, stock or text', async (t) => {
  const orderNo = mintOrderNumber('secret', 42, 'bob');
  t.equal(stockOfOrderNumber('secret', orderNo, 'bob'), 42);
  t.equal(stockOfOrderNumber('secret', orderNo, 'Bob'), null);
  t.equal(stockOfOrderNumber('secret', orderNo, 'bo'), null);
  t.equal(stockOfOrderNumber('other', orderNo, 'bob'), null);
  t.equal(stockOfOrderNumber('secret', orderNo.replace(/^42/, '43'), 'bob'), null);
  t.equal(stockOfOrderNumber('secret', `0${orderNo}`, 'bob'), null);
  t.equal(stockOfOrderNumber('secret', orderNo.toLowerCase(), 'bob'), null);
  t.equal(stockOfOrderNumber('secret', mintLadderNumber(42), 'bob'), null);
  for (let length = 0; length < orderNo.length; length += 1)
    t.equal(stockOfOrderNumber('secret', orderNo.slice(0, length), 'bob'), null, `its first ${length} characters`);
  t.equal(stockOfOrderNumber('secret', `${orderNo}0`, 'bob'), null);
  t.equal(stockOfOrderNumber('secret', `${orderNo}\n`, 'bob'), null);
});

t.test('a number with one changed character is rejected', async (t) => {
  const orderNo = mintOrderNumber('secret', 42, 'bob', 'key');
  for (let i = 0; i < orderNo.length; i += 1) {
    const changed = orderNo.slice(0, i) + (orderNo[i] === '7' ? '8' : '7') + orderNo.slice(i + 1);
    t.equal(stockOfOrderNumber('secret', changed, 'bob'), null, changed);
  }
});

t.test('an idempotency key has the same number for the same stock and buyer only', async (t) => {
  const mint = (sid: number, buyer: string, key: string) => mintOrderNumber('secret', sid, buyer, key);
  t.equal(mint(1, 'ann', 'k'), mint(1, 'ann', 'k'));
  const others = [
    mint(1, 'ann', 'k'),
    mint(2, 'ann', 'k'),
    mint(1, 'bob', 'k'),
    mint(1, 'ann', 'K'),
    mint(1, 'ann', ''),
  ];
  const middles = others.map((orderNo) => orderNo.split('-')[1]);
  t.equal(new Set(middles).size, others.length);
  t.not(mint(1, 'annk', '').split('-')[1], mint(1, 'ann', 'k').split('-')[1], 'buyer and key are separate inputs');
});

t.test('a number contains whether its order has a price limit, and that is signed', async (t) => {
  for (const key of [undefined, 'key']) {
    const capped = mintOrderNumber('secret', 42, 'bob', key, 'capped');
    t.equal(kindOfOrderNumber(capped), 'capped');
    t.equal(stockOfOrderNumber('secret', capped, 'bob'), 42);
    const free = mintOrderNumber('secret', 42, 'bob', key);
    t.equal(kindOfOrderNumber(free), 'plain');
    const [sid, middle = '', mac] = capped.split('-');
    const changed = [sid, `0000${middle.slice(4)}`, mac].join('-');
    t.equal(stockOfOrderNumber('secret', changed, 'bob'), null);
    t.not(
      mintOrderNumber('secret', 42, 'bob', undefined, 'capped'),
      mintOrderNumber('secret', 42, 'bob', undefined, 'capped'),
    );
  }
  t.equal(mintOrderNumber('secret', 42, 'bob', 'key', 'capped'), mintOrderNumber('secret', 42, 'bob', 'key', 'capped'));
  t.equal(kindOfOrderNumber(mintLadderNumber(42)), 'plain');
});

t.test('a known number does not change between releases', async (t) => {
  t.equal(mintOrderNumber('secret', 42, 'bob', 'key'), '42-G3GM1V21XEN3JM04ER0GC174P2-N4QF1B37BP');
});

t.test('the current key of a list signs, and all keys verify', async (t) => {
  const old = mintOrderNumber('old', 42, 'bob', 'key');
  const fresh = mintOrderNumber('new', 42, 'bob', 'key');
  t.equal(mintOrderNumber('new,old', 42, 'bob', 'key'), fresh);
  for (const orderNo of [old, fresh]) t.equal(stockOfOrderNumber('new,old', orderNo, 'bob'), 42);
  t.equal(stockOfOrderNumber('new,old', old, 'ann'), null);
  t.equal(stockOfOrderNumber('new', old, 'bob'), null);
  t.same(
    orderNumbersOf('new,old', 42, 'bob', 'key'),
    [fresh, old],
    'an intent’s number before the rotation can be found',
  );
  t.throws(() => mintOrderNumber('', 42, 'bob'), 'a list without a key');
});

t.test('numbers without an idempotency key are unique and increase', async (t) => {
  const numbers = Array.from({ length: 1000 }, () => mintLadderNumber(5));
  t.same(numbers.toSorted(), numbers);
  t.equal(new Set(numbers).size, numbers.length);
  t.match(numbers[0], /^5-[0-9A-HJKMNP-TV-Z]{26}$/);
  t.not(mintOrderNumber('secret', 5, 'ann'), mintOrderNumber('secret', 5, 'ann'));
});

t.test('a number of an earlier release is the number of today', async (t) => {
  // A release in the middle of a sale: the same request reaches consumers of both.
  const key = 'Zp6uWn1oRk8xQv3yBm5tCj0sLd7hFg2i';
  const numbers = {
    '1001-F2ACPF8KZJWVKW4JWVKKFYK4YC-BQGZK5WZNY': [1001, 'ann', '8e03978e-40d5', false],
    '9007199254740991-9XJH8JTKF1VDVQTB4PNYCD3ACS-EFHR0RM9CD': [
      Number.MAX_SAFE_INTEGER,
      'b~!'.repeat(20),
      'x'.repeat(200),
      false,
    ],
    '7-ZZZZAEEXA7DTK2R9942MJWXJ49-AHA0NYDCQ1': [7, 'bob', '8e03978e-40d5', true],
  } as const;
  for (const [orderNo, [sid, buyer, idempotencyKey, isCapped]] of Object.entries(numbers)) {
    t.equal(mintOrderNumber(key, sid, buyer, idempotencyKey, isCapped ? 'capped' : 'plain'), orderNo);
    t.equal(stockOfOrderNumber(key, orderNo, buyer), sid);
  }
});
