import t from 'tap';
import { describePlace, isSamePlace, type LogPlace } from './log-place.ts';

const place: LogPlace = { partition: 3, offset: 2n ** 53n + 1n, index: 7 };

t.test('a place is compared with a row in all three parts', async (t) => {
  const row = { logPartition: 3, logOffset: String(2n ** 53n + 1n), logIndex: 7 };
  t.equal(isSamePlace(place, row), true);
  t.equal(isSamePlace({ partition: 3, offset: 5n, index: 7 }, { logPartition: 3, logOffset: 5, logIndex: 7 }), true);
  t.equal(isSamePlace(place, { logPartition: 2, logOffset: row.logOffset, logIndex: 7 }), false);
  t.equal(isSamePlace(place, { logPartition: 3, logOffset: String(2n ** 53n), logIndex: 7 }), false);
  t.equal(isSamePlace(place, { logPartition: 3, logOffset: row.logOffset, logIndex: 6 }), false);
  t.equal(isSamePlace(place, { logPartition: null, logOffset: null, logIndex: 0 }), false, 'decided without the log');
});

t.test('a place is written as partition, offset and index', async (t) => {
  t.equal(describePlace(place), '3/9007199254740993/7');
});
