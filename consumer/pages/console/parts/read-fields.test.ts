import t from 'tap';
import { needed, readCents, readCurrency, readName, readTime, readWhole } from './read-fields.ts';

const wrong = (text: string, value = '') => ({ error: { text, value } });

t.test('a price is read exactly, in the currency’s smallest unit', async (t) => {
  t.same(readCents('19.99', 'CNY'), { value: 1999 });
  t.same(readCents('1500', 'JPY'), { value: 1500 });
  t.same(readCents('1.999', 'BHD'), { value: 1999 });
  t.same(readCents(' 0.07 ', ''), { value: 7 });
  t.same(readCents('5.', 'none'), { value: 500 });
  t.same(readCents('19.9900', 'CNY'), { value: 1999 });
  for (let cents = 0; cents < 1000; cents += 1) t.same(readCents((cents / 100).toFixed(2), 'CNY'), { value: cents });
});

t.test('a price with too many decimals is an error that names the limit', async (t) => {
  t.same(readCents('1.999', 'CNY'), wrong('fieldDecimals', '2'));
  t.same(readCents('1.9999', 'BHD'), wrong('fieldDecimals', '3'));
  t.same(readCents('1.5', 'JPY'), wrong('fieldNoDecimals'));
  t.same(readCents('dear', 'CNY'), wrong('fieldNumber'));
  t.same(readCents('1e3', 'CNY'), wrong('fieldNumber'));
  t.same(readCents('-1', 'CNY'), wrong('fieldMin', '0'));
  t.same(readCents('99999999999', 'CNY'), wrong('fieldMax', '10000000000'));
});

t.test('an empty field has neither value nor error, unless it is needed', async (t) => {
  for (const read of [
    readName(' '),
    readWhole('', 0, 9),
    readCents(' ', 'CNY'),
    readCurrency(''),
    readTime('', false),
  ]) {
    t.same(read, {});
    t.same(needed<string | number>(read), wrong('fieldNeeded'));
  }
  t.same(needed(readWhole('x', 0, 9)), wrong('fieldWhole'));
  t.same(needed(readWhole('5', 0, 9)), { value: 5 });
});

t.test('whole numbers, names and currencies have the API’s limits', async (t) => {
  t.same(readWhole(' -5 ', -9, 9), { value: -5 });
  t.same(readWhole('-5', 0, 9), wrong('fieldMin', '0'));
  t.same(readWhole('10', 0, 9), wrong('fieldMax', '9'));
  t.same(readWhole('1.5', 0, 9), wrong('fieldWhole'));
  t.same(readName(' A lamp '), { value: 'A lamp' });
  t.same(readName('灯'.repeat(101)), wrong('fieldLong', '100'));
  t.same(readName('😀'.repeat(100)), { value: '😀'.repeat(100) });
  t.same(readCurrency(' eur '), { value: 'EUR' });
  t.same(readCurrency('yuan'), wrong('fieldCurrency'));
});

t.test('a local time is read as an instant; an incomplete time is an error', async (t) => {
  t.same(readTime('2030-01-02T10:00:05', false), { value: new Date('2030-01-02T10:00:05').toISOString() });
  t.same(readTime('', true), wrong('fieldTime'));
  t.same(readTime('soon', false), wrong('fieldTime'));
});
