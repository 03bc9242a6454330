import t from 'tap';
import { createTestDraw, TEST_DRAW_KEY } from '../../ci/testing/draws/create-test-draw.ts';
import { createPool, createTestDatabase } from '../../ci/testing/servers/test-database.ts';
import { createDatabase } from '../mysql/database.ts';
import { eraseOldEntries } from './erase-old-entries.ts';
import { takeEntries } from './take-entries.ts';

const { url, mysql } = await createTestDatabase(t);
const database = createDatabase({ mysql: createPool(t, url), statementMs: 5000 });
const options = { keepDays: 30, batch: 2, shouldStop: () => false };

async function createEntries(closedDaysAgo: number): Promise<number> {
  const sid = await createTestDraw(mysql);
  const keys = Array.from({ length: 6 }, (_, i) => ({ sid, buyer: `buyer-${i}` }));
  await takeEntries(database, TEST_DRAW_KEY, keys);
  await mysql.raw(`UPDATE entry SET state = 'offered' WHERE sid = ? AND buyer = 'buyer-0'`, [sid]);
  await mysql.raw('UPDATE stock SET closes_at = NOW(3) - INTERVAL ? DAY WHERE id = ?', [closedDaysAgo, sid]);
  return sid;
}

async function readBuyers(sid: number): Promise<{ buyer: string | null; salt: Buffer | null }[]> {
  const [rows] = await mysql.raw('SELECT buyer, salt FROM entry WHERE sid = ? ORDER BY buyer', [sid]);
  return rows;
}

t.test('the buyers of old entries without an offer are erased', async (t) => {
  const [old, late] = [await createEntries(31), await createEntries(29)];
  t.equal(await eraseOldEntries(database, options), 5);
  const kept = await readBuyers(old);
  t.same(
    kept.map(({ buyer, salt }) => [buyer, salt !== null]),
    [...Array.from({ length: 5 }, () => [null, false]), ['buyer-0', true]],
    'their rows stay, and an offer keeps its buyer',
  );
  const [left] = await mysql.raw(
    `SELECT COUNT(*) AS rowCount FROM entry WHERE sid = ? AND state = 'left' AND ended_at IS NOT NULL AND buyer IS NULL`,
    [old],
  );
  t.equal(left[0].rowCount, 5, 'who waited has left: there is nobody to offer a unit to');
  t.equal((await readBuyers(late)).filter(({ buyer }) => buyer !== null).length, 6);
  t.equal(await eraseOldEntries(database, options), 0);
});

t.test('erasing can be stopped', async (t) => {
  await createEntries(40);
  let batches = 0;
  const shouldStop = () => {
    batches += 1;
    return batches > 1;
  };
  t.equal(await eraseOldEntries(database, { keepDays: 30, batch: 2, shouldStop }), 2);
  t.equal(await eraseOldEntries(database, options), 3);
});
