import t from 'tap';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { createTestDatabase } from '../../ci/testing/servers/test-database.ts';
import type { Session } from '../mysql/database.ts';
import { insertStock, listStocks, readStocks } from './stock-table.ts';
import { takeUnits } from './take-units.ts';

const { database, mysql } = await createTestDatabase(t);
const use = <T>(work: (session: Session) => Promise<T>) => database.session(work);

t.test('a stock is read as it was written', async (t) => {
  const opensAtMs = Date.UTC(2030, 0, 2, 3, 4, 5, 678);
  const stock = { name: 'Ein Stück ☕', count: 5, priceCents: 10 ** 12, opensAtMs, closesAtMs: null, paused: true };
  const sid = await createTestStock(mysql, { sid: Number.MAX_SAFE_INTEGER, ...stock });
  const before = Date.now();
  const [read] = await use((session) => readStocks(session, [sid]));
  t.match(read, { sid, ...stock, kind: 'sale', sale: 0, version: 0 });
  t.ok(Math.abs((read?.readAtMs ?? 0) - before) < 5000, "readAtMs is the database's clock in UTC");
});

t.test('stocks are read in order of id, without missing ones', async (t) => {
  const sids = [await createTestStock(mysql), await createTestStock(mysql), await createTestStock(mysql)];
  const read = await use((session) => readStocks(session, [...sids, 999_999_999].reverse()));
  t.same(
    read.map(({ sid }) => sid),
    sids.toSorted((a, b) => a - b),
  );
  t.same(await use((session) => readStocks(session, [])), []);
});

t.test('a page of stocks has one kind and begins after the last id of the previous page', async (t) => {
  const base = 2 ** 50;
  for (const i of [1, 2, 3, 4]) await createTestStock(mysql, { sid: base + i, kind: i === 2 ? 'sale' : 'ladder' });
  const list = async (afterSid: number, newestFirst: boolean) => {
    const page = { kind: 'ladder', afterSid, newestFirst, limit: 2 } as const;
    return (await use((session) => listStocks(session, page))).map(({ sid }) => sid - base);
  };
  t.same(await list(base, false), [1, 3]);
  t.same(await list(base + 3, false), [4]);
  t.same(await list(0, true), [4, 3]);
  t.equal((await list(base + 3, true))[0], 1);
});

t.test('an id can be used once', async (t) => {
  const sid = await createTestStock(mysql, { name: 'first' });
  const [stock] = await use((session) => readStocks(session, [sid]));
  if (!stock) throw new Error('not there');
  t.equal(await use((session) => insertStock(session, { ...stock, name: 'second' })), 'ID_TAKEN');
  const [after] = await use((session) => readStocks(session, [sid]));
  t.equal(after?.name, 'first');
});

t.test('units are taken only on the version that was read', async (t) => {
  const sid = await createTestStock(mysql, { count: 3 });
  await use(async (session) => {
    t.equal(await takeUnits(session, sid, 0, 2), true);
    t.equal(await takeUnits(session, sid, 0, 1), false, 'the version has changed');
    t.equal(await takeUnits(session, sid, 1, 2), false, 'not enough units left');
    t.equal(await takeUnits(session, sid, 1, 0), true, 'no unit, but a new version');
    t.equal(await takeUnits(session, sid, 1, 1), false);
    t.equal(await takeUnits(session, sid, 2, 1), true);
    t.match(await readStocks(session, [sid]), [{ sale: 3, version: 3 }]);
  });
});

t.test('the table has a constraint against overselling', async (t) => {
  const sid = await createTestStock(mysql, { count: 1 });
  await t.rejects(use((session) => session.change('UPDATE stock SET sale = 2 WHERE id = ?', [sid])));
  await t.rejects(use((session) => session.change('UPDATE stock SET sale = -1 WHERE id = ?', [sid])));
});
