import t from 'tap';
import { openTestDatabase } from '../ci/testing/open-test-database.ts';
import { emptyDatabase, migrateDatabase } from './migrate-database.ts';

t.test('migrations go up, down and up again', async (t) => {
  const { adminUrl: url, mysql } = await openTestDatabase(t, { migrate: false });
  const tables = async () => {
    const [rows] = await mysql.raw(
      `SELECT TABLE_NAME AS name FROM information_schema.tables WHERE table_schema = DATABASE() AND TABLE_NAME LIKE 'stock%'
       ORDER BY 1`,
    );
    return rows.map(({ name }: { name: string }) => name);
  };
  await migrateDatabase(url);
  t.same(await tables(), ['stock', 'stock_order']);
  await emptyDatabase(url);
  t.same(await tables(), []);
  await migrateDatabase(url);
  t.same(await tables(), ['stock', 'stock_order']);
});

t.test('a second migration keeps what is there', async (t) => {
  const { adminUrl: url, mysql } = await openTestDatabase(t);
  await mysql.raw('UPDATE stock SET sale = 7 WHERE id = 1');
  await migrateDatabase(url);
  const [rows] = await mysql.raw('SELECT id, count, sale, kind FROM stock');
  t.same(rows, [{ id: 1, count: 100, sale: 7, kind: 'ladder' }]);
});

t.test('a name that is no database name is refused before anything is done', async (t) => {
  await t.rejects(migrateDatabase('mysql://nobody:x@127.0.0.1:1/a`b'), { message: /is not a database name/ });
});
