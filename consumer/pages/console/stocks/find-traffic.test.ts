import t from 'tap';
import { findTraffic } from './find-traffic.ts';

const before = new Map([
  ['1', 10],
  ['2', 5],
  ['3', 0],
]);
const now = (...sold: number[]) => sold.map((units, i) => ({ sid: String(i + 1), sold: units }));

t.test('the stock that sold most is found', async (t) => {
  t.equal(findTraffic(before, now(10, 6, 9), '1'), '3');
  t.equal(findTraffic(before, now(10, 6, 0), null), '2');
});

t.test('the chosen stock is kept while it sells, and while no stock sells', async (t) => {
  t.equal(findTraffic(before, now(11, 6, 90), '1'), null);
  t.equal(findTraffic(before, now(10, 5, 0), '1'), null);
  t.equal(findTraffic(before, now(10, 3, 0), '1'), null, 'returned units are no traffic');
});

t.test('a new stock has no traffic yet', async (t) => {
  t.equal(findTraffic(before, now(10, 5, 0, 40), '1'), null);
});
