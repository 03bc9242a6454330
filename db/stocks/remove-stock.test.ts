import t from 'tap';
import { waitUntil } from '../../ci/command/wait-until.ts';
import { auditStock } from '../../ci/testing/orders/audit-stock.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { interfere } from '../../ci/testing/orders/interfere.ts';
import { createTestDatabase } from '../../ci/testing/servers/test-database.ts';
import { realClock } from '../../proto/process/clock.ts';
import { type DecideOptions, decideOrders } from '../orders/decide-orders.ts';
import { removeStock } from './remove-stock.ts';

const { database, mysql } = await createTestDatabase(t);
const options: DecideOptions = {
  clock: realClock,
  random: Math.random,
  decidedBy: 'direct',
  payWithinMs: 900_000,
  beforeTry: () => undefined,
};

const orderOf = (sid: number) => ({
  orderNo: `${sid}-1`,
  sid,
  buyer: 'ann',
  mintedAtMs: Date.now(),
  partition: null,
  offset: null,
});

async function rowsOf(sid: number): Promise<{ stocks: number; orders: number }> {
  const [[{ stocks }]] = await mysql.raw('SELECT COUNT(*) AS stocks FROM stock WHERE id = ?', [sid]);
  const [[{ orders }]] = await mysql.raw('SELECT COUNT(*) AS orders FROM stock_order WHERE sid = ?', [sid]);
  return { stocks, orders };
}

t.test('a decision that read the stock before it was removed leaves no order', async (t) => {
  const sid = await createTestStock(mysql);
  const removals: string[] = [];
  const raced = interfere(database, 'takeUnits', async () => {
    removals.push((await removeStock(database, sid)).outcome);
  });
  const { outcomes, units } = await decideOrders(raced, [orderOf(sid)], options);
  t.match(outcomes, [{ invalid: `there is no stock ${sid}` }]);
  t.same(units, []);
  t.same(removals, ['REMOVED']);
  t.same(await rowsOf(sid), { stocks: 0, orders: 0 });
});

t.test('a removal waits for a decision that has taken its unit, and is refused', async (t) => {
  const sid = await createTestStock(mysql);
  let removal: ReturnType<typeof removeStock> | undefined;
  const raced = interfere(database, 'insertOrders', async () => {
    removal = removeStock(database, sid);
    await waitUntil('the removal to wait for the row', seeLockWaited, { limitMs: 20_000 });
  });
  const { outcomes } = await decideOrders(raced, [orderOf(sid)], options);
  t.match(outcomes, [{ decision: 'CONFIRMED' }]);
  t.same(await removal, { outcome: 'HAS_ORDERS' });
  t.same(await rowsOf(sid), { stocks: 1, orders: 1 });
  t.match(await auditStock(mysql, sid), { sale: 1, live: 1, version: 1 });
});

/** Rejects unless a statement of this database waits for a stock's row. */
async function seeLockWaited(): Promise<void> {
  const [rows] = await mysql.raw(
    `SELECT ID FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND INFO LIKE '%FROM stock WHERE%FOR UPDATE'`,
  );
  if (rows.length === 0) throw new Error('no statement waits');
}

t.test('one of two concurrent removals succeeds, and a ladder stock is not removed', async (t) => {
  const sid = await createTestStock(mysql);
  const removals = await Promise.all([removeStock(database, sid), removeStock(database, sid)]);
  t.same(removals.map(({ outcome }) => outcome).sort(), ['NO_STOCK', 'REMOVED']);
  const ladder = await createTestStock(mysql, { kind: 'ladder' });
  t.same(await removeStock(database, ladder), { outcome: 'NO_STOCK' });
  t.match(await rowsOf(ladder), { stocks: 1 });
});
