import t from 'tap';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { createTestDatabase } from '../../ci/testing/servers/test-database.ts';
import { takeEntries } from '../draws/take-entries.ts';
import type { NewStock, UnitsAfter } from '../stocks/stock-table.ts';
import { type LineOptions, openLine } from './open-line.ts';

const { database, mysql } = await createTestDatabase(t);
const drawKey = '1'.repeat(64);
const LINE_WINDOW_MS = 600_000;

async function soldOut(stock: Partial<NewStock> = {}, change = 'sale = count'): Promise<number> {
  const sid = await createTestStock(mysql, { count: 2, ...stock });
  await mysql.raw(`UPDATE stock SET ${change} WHERE id = ?`, [sid]);
  return sid;
}

function open(sid: number, more: Partial<LineOptions> = {}): Promise<boolean> {
  return openLine(database, { sid, lineWindowMs: LINE_WINDOW_MS, beacon: null, drawKey, ...more });
}

async function drawsOf(sid: number) {
  const [rows] = await mysql.raw(
    `SELECT attempt, state, TIMESTAMPDIFF(SECOND, entries_open_at, entries_close_at) AS seconds FROM draw WHERE sid = ? ORDER BY attempt`,
    [sid],
  );
  return rows.map((row: object) => ({ ...row }));
}

t.test('the first joiner of a sold-out rush opens its line, and other orders are refused from then on', async (t) => {
  const sid = await soldOut();
  const opened: UnitsAfter[] = [];
  const join = (buyer: string) =>
    takeEntries(database, drawKey, [{ sid, buyer }], {
      openLine: (of) => open(of, { onOpened: (units) => void opened.push(units) }),
    });
  t.match(await join('ann'), [{ outcome: 'ENTERED', entry: { state: 'waiting', place: null, attempt: 1 } }]);
  t.match(await join('bob'), [{ outcome: 'ENTERED' }]);
  t.match(await join('ann'), [{ outcome: 'KNOWN' }]);
  t.same(opened, [{ sid, count: 2, sale: 2, version: 1 }]);
  t.same(await drawsOf(sid), [{ attempt: 1, state: 'taking', seconds: 600 }]);
  const [[stock]] = await mysql.raw('SELECT offers_only, version FROM stock WHERE id = ?', [sid]);
  t.match(stock, { offers_only: 1, version: 1 });
});

t.test('concurrent joiners open one line', async (t) => {
  const sid = await soldOut();
  t.same(await Promise.all(Array.from({ length: 8 }, () => open(sid))), Array(8).fill(true));
  t.equal((await drawsOf(sid)).length, 1);
});

t.test('a line opens only where a rush is sold out in its window, one unit an order', async (t) => {
  for (const [stock, change] of [
    [{}, 'sale = count - 1'],
    [{ count: 0 }, 'sale = count'],
    [{}, 'sale = count, closes_at = NOW(3)'],
    [{}, 'sale = count, opens_at = NOW(3) + INTERVAL 1 HOUR'],
    [{}, `sale = count, resting = 'open'`],
    [{}, 'sale = count, max_per_order = 2'],
    [{ mode: 'draw' }, 'sale = count'],
    [{ kind: 'ladder' }, 'sale = count'],
  ] as const) {
    const sid = await soldOut(stock, change);
    t.equal(await open(sid), false, change);
    t.same(await drawsOf(sid), []);
  }
  t.equal(await open(404), false);
});

t.test('after a line has ended, the next one is another draw', async (t) => {
  const sid = await soldOut();
  await open(sid);
  await mysql.raw(`UPDATE draw SET state = 'drawn', ended_at = NOW(3) WHERE sid = ?`, [sid]);
  await mysql.raw('UPDATE stock SET offers_only = 0 WHERE id = ?', [sid]);
  t.equal(await open(sid), true);
  t.match(await drawsOf(sid), [{ attempt: 1 }, { attempt: 2, state: 'taking' }]);
});
