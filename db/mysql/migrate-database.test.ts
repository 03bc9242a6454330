import t from 'tap';
import { createTestDatabase } from '../../ci/testing/servers/test-database.ts';
import { emptyDatabase, listPendingMigrations, migrateDatabase } from './migrate-database.ts';

t.test('migrations go up, down and up again', async (t) => {
  const { adminUrl: url, mysql } = await createTestDatabase(t, { migrate: false });
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

t.test('a second migration keeps the data', async (t) => {
  const { adminUrl: url, mysql } = await createTestDatabase(t);
  await mysql.raw('UPDATE stock SET sale = 7 WHERE id = 1');
  await migrateDatabase(url);
  const [rows] = await mysql.raw('SELECT id, count, sale, kind FROM stock');
  t.same(rows, [{ id: 1, count: 100, sale: 7, kind: 'ladder' }]);
});

t.test('every buyer column can hold 255 characters', async (t) => {
  const { mysql } = await createTestDatabase(t);
  const [columns] = await mysql.raw(
    `SELECT TABLE_NAME AS name, CHARACTER_MAXIMUM_LENGTH AS most, IS_NULLABLE AS nullable, COLLATION_NAME AS collation
     FROM information_schema.columns WHERE table_schema = DATABASE() AND COLUMN_NAME = 'buyer'`,
  );
  t.ok(columns.length >= 2);
  for (const { name, ...rest } of columns) {
    // The buyer of an entry can be erased.
    const nullable = name === 'entry' ? 'YES' : 'NO';
    t.match(rest, { most: 255, nullable, collation: 'ascii_bin' }, name);
  }
});

t.test('a killed migration does not block the next one, and concurrent migrations take turns', async (t) => {
  const { adminUrl: url, mysql } = await createTestDatabase(t);
  // The row that knex leaves when its process is killed.
  await mysql.raw('UPDATE migration_lock SET is_locked = 1');
  await Promise.all([migrateDatabase(url), migrateDatabase(url)]);
  const [locks] = await mysql.raw('SELECT is_locked FROM migration_lock');
  t.same(locks, [{ is_locked: 0 }]);
});

t.test('a migration waits for a table only briefly, because all other statements wait behind it', async (t) => {
  const { adminUrl: url, mysql } = await createTestDatabase(t, { migrate: false });
  await migrateDatabase(url);
  const [before] = await mysql.raw('SELECT name FROM migration ORDER BY name');
  await mysql.raw('DELETE FROM migration WHERE name LIKE "004%"');
  await mysql.raw('ALTER TABLE stock_order DROP COLUMN judged_at');
  const reader = await mysql.transaction();
  await reader.raw('SELECT COUNT(*) FROM stock_order');
  await t.rejects(migrateDatabase(url), { message: /lock wait timeout/i });
  await reader.rollback();
  await migrateDatabase(url);
  const [after] = await mysql.raw('SELECT name FROM migration ORDER BY name');
  t.same(after, before, 'afterwards it is made');
});

t.test('the migrations of a later release are kept, when that release is undone', async (t) => {
  const { adminUrl: url, mysql } = await createTestDatabase(t);
  t.same(await migrateDatabase(url), { later: [] });
  await mysql.raw(`INSERT INTO migration (name, batch) VALUES ('999-of-a-later-release.ts', 99)`);
  t.same(await migrateDatabase(url), { later: ['999-of-a-later-release.ts'] });
  t.match(await listPendingMigrations(url), { pending: [] });
});

t.test('an invalid database name is refused before any statement', async (t) => {
  await t.rejects(migrateDatabase('mysql://user:x@127.0.0.1:1/a`b'), { message: /is not a database name/ });
});
