import fc from 'fast-check';
import t from 'tap';
import {
  isCappedOrderNumber,
  mintLadderNumber,
  mintOrderNumber,
  orderNumbersOf,
  stockOfOrderNumber,
} from './order-number.ts';
import { isOrderNo } from './order-record.ts';

const sidArbitrary = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const buyerArbitrary = fc.stringMatching(/^[!-~]{1,255}$/);

t.test('a number tells its stock to the buyer that it was minted for', async (t) => {
  fc.assert(
    fc.property(sidArbitrary, buyerArbitrary, fc.option(fc.string(), { nil: undefined }), (sid, buyer, key) => {
      const orderNo = mintOrderNumber('secret', sid, buyer, key);
      return isOrderNo(orderNo) && stockOfOrderNumber('secret', orderNo, buyer) === sid;
    }),
  );
  t.pass('in every case tried');
});

t.test('another buyer, another secret, another stock and any other text have nothing of it', async (t) => {
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

t.test('no character of a number can be changed', async (t) => {
  const orderNo = mintOrderNumber('secret', 42, 'bob', 'key');
  for (let i = 0; i < orderNo.length; i += 1) {
    const changed = orderNo.slice(0, i) + (orderNo[i] === '7' ? '8' : '7') + orderNo.slice(i + 1);
    t.equal(stockOfOrderNumber('secret', changed, 'bob'), null, changed);
  }
});

t.test('the same idempotency key gives the same number, and another stock, buyer or key another', async (t) => {
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
  t.not(mint(1, 'annk', '').split('-')[1], mint(1, 'ann', 'k').split('-')[1], 'buyer and key do not run together');
});

t.test('a number says whether its order has a highest price, and only the system can say so', async (t) => {
  for (const key of [undefined, 'key']) {
    const capped = mintOrderNumber('secret', 42, 'bob', key, true);
    t.equal(isCappedOrderNumber(capped), true);
    t.equal(stockOfOrderNumber('secret', capped, 'bob'), 42);
    const free = mintOrderNumber('secret', 42, 'bob', key);
    t.equal(isCappedOrderNumber(free), false);
    const [sid, middle = '', mac] = capped.split('-');
    const changed = [sid, `0000${middle.slice(4)}`, mac].join('-');
    t.equal(stockOfOrderNumber('secret', changed, 'bob'), null);
    t.not(mintOrderNumber('secret', 42, 'bob', undefined, true), mintOrderNumber('secret', 42, 'bob', undefined, true));
  }
  t.equal(mintOrderNumber('secret', 42, 'bob', 'key', true), mintOrderNumber('secret', 42, 'bob', 'key', true));
  t.equal(isCappedOrderNumber(mintLadderNumber(42)), false);
});

t.test('a known number stays what it is, for rows outlive every version of the code', async (t) => {
  t.equal(mintOrderNumber('secret', 42, 'bob', 'key'), '42-G3GM1V21XEN3JM04ER0GC174P2-N4QF1B37BP');
});

t.test('the current key of a list signs, and all of them know their numbers', async (t) => {
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

t.test('numbers without a key are all different, and grow', async (t) => {
  const numbers = Array.from({ length: 1000 }, () => mintLadderNumber(5));
  t.same(numbers.toSorted(), numbers);
  t.equal(new Set(numbers).size, numbers.length);
  t.match(numbers[0], /^5-[0-9A-HJKMNP-TV-Z]{26}$/);
  t.not(mintOrderNumber('secret', 5, 'ann'), mintOrderNumber('secret', 5, 'ann'));
});
