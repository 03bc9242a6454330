import t from 'tap';
import { findTraffic } from './find-traffic.ts';

const before = new Map([
  [1, 10],
  [2, 5],
  [3, 0],
]);
const now = (...sold: number[]) => sold.map((one, i) => ({ sid: i + 1, sold: one }));

t.test('the stock that sold most has the traffic', async (t) => {
  t.equal(findTraffic(before, now(10, 6, 9), 1), 3);
  t.equal(findTraffic(before, now(10, 6, 0), null), 2);
});

t.test('one that sells is stayed with, and so is one where nothing sells', async (t) => {
  t.equal(findTraffic(before, now(11, 6, 90), 1), null);
  t.equal(findTraffic(before, now(10, 5, 0), 1), null);
  t.equal(findTraffic(before, now(10, 3, 0), 1), null, 'units that came back are no traffic');
});

t.test('one that was not listed before has no traffic yet', async (t) => {
  t.equal(findTraffic(before, now(10, 5, 0, 40), 1), null);
});
