import t from 'tap';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { createPool, createTestDatabase } from '../../ci/testing/servers/test-database.ts';
import { grantUsers } from './grant-users.ts';

const { url, purgeUrl, adminUrl, mysql } = await createTestDatabase(t);
const sid = await createTestStock(mysql, { count: 5 });
const processes = createPool(t, url, 2);
const purge = createPool(t, purgeUrl, 2);
// MySQL has two errors: a missing right on the table, and a missing right on all tables.
const REFUSED =
  /ER_TABLEACCESS_DENIED_ERROR|ER_DBACCESS_DENIED_ERROR|ER_SPECIFIC_ACCESS_DENIED_ERROR|ER_BINLOG_CREATE_ROUTINE_NEED_SUPER/;

const tables = async (): Promise<string[]> => {
  const [rows] = await mysql.raw(
    'SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() ORDER BY 1',
  );
  return rows.map(({ name }: { name: string }) => name);
};

t.test('the processes may delete only stocks, draws and webhooks, and truncate no table', async (t) => {
  for (const table of await tables()) {
    const deletion = processes.raw(`DELETE FROM \`${table}\` WHERE 1 = 0`);
    if (table === 'stock' || table === 'draw' || table.startsWith('webhook_')) await t.resolves(deletion);
    else await t.rejects(deletion, { code: REFUSED }, `DELETE ${table}`);
    await t.rejects(processes.raw(`TRUNCATE TABLE \`${table}\``), { code: REFUSED }, `TRUNCATE ${table}`);
  }
});

for (const statement of [
  'CREATE TABLE another (id BIGINT)',
  'CREATE TEMPORARY TABLE another (id BIGINT)',
  'CREATE VIEW another AS SELECT 1',
  'CREATE DATABASE another',
  'CREATE TRIGGER another BEFORE INSERT ON stock FOR EACH ROW SET NEW.count = 1000',
  'CREATE PROCEDURE another() SELECT 1',
  'ALTER TABLE stock DROP CONSTRAINT stock_not_oversold',
  'ALTER TABLE stock_order DROP INDEX one_live_order',
  'DROP TABLE stock_order',
  'RENAME TABLE stock TO another',
  'CREATE INDEX another ON stock (count)',
  'SELECT * FROM migration',
  `UPDATE payment_event SET outcome = 'PAID'`,
  'SELECT * FROM mysql.user',
  `CREATE USER another IDENTIFIED BY 'x'`,
  'GRANT DELETE ON stock TO CURRENT_USER()',
  'SET GLOBAL max_connections = 1',
  `SELECT LOAD_FILE('/etc/passwd') AS text FROM stock INTO OUTFILE '/tmp/another'`,
]) {
  t.test(`the processes may not ${statement}`, async (t) => {
    await t.rejects(processes.raw(statement), { code: REFUSED });
  });
}

t.test('the processes can read every table except those of the migrations', async (t) => {
  for (const table of (await tables()).filter((name) => !name.startsWith('migration'))) {
    await t.resolves(processes.raw(`SELECT * FROM \`${table}\` LIMIT 1`), table);
  }
});

t.test('the processes can call the procedure', async (t) => {
  await t.resolves(processes.raw(`CALL confirm_rush_orders('[]', '[]', 'log', 1, 7, 0)`));
  await t.rejects(purge.raw(`CALL confirm_rush_orders('[]', '[]', 'log', 1, 7, 0)`), {
    code: 'ER_PROCACCESS_DENIED_ERROR',
  });
});

t.test('purge may delete refusals and events, and change nothing', async (t) => {
  await t.resolves(purge.raw(`DELETE FROM stock_order WHERE sid = ? AND state = 'sold_out'`, [sid]));
  await t.resolves(purge.raw('DELETE FROM order_event WHERE sid = ? AND published_at < NOW(3)', [sid]));
  for (const statement of [
    'UPDATE stock SET count = 9',
    `UPDATE stock_order SET state = 'paid'`,
    'DELETE FROM stock',
    'DELETE FROM payment',
    'DROP TABLE stock_order',
    'SELECT * FROM payment',
  ]) {
    await t.rejects(purge.raw(statement), { code: REFUSED }, statement);
  }
});

t.test('a second run revokes all other rights, and running processes see no error', async (t) => {
  const name = new URL(url).username;
  await mysql.raw(`GRANT ALL ON \`${name}\`.* TO '${name}'@'%'`);
  await mysql.raw(`GRANT DELETE, DROP ON \`stock_order\` TO '${name}'@'%'`);
  let failed = 0;
  let asked = 0;
  let done = false;
  const asking = (async () => {
    for (; !done; asked += 1)
      await processes.raw('UPDATE stock SET sale = sale WHERE id = 1').catch(() => (failed += 1));
  })();
  await grantUsers({ adminUrl, processUrl: url, purgeUrl });
  await grantUsers({ adminUrl, processUrl: url, purgeUrl });
  done = true;
  await asking;
  t.ok(asked > 0);
  t.equal(failed, 0);
  await t.rejects(processes.raw('DELETE FROM stock_order WHERE 1 = 0'), { code: REFUSED });
  await t.rejects(processes.raw('DROP TABLE stock_order'), { code: REFUSED });
});

t.test('no right is revoked while a later release is undone', async (t) => {
  const name = new URL(url).username;
  await mysql.raw(`GRANT DELETE ON payment TO '${name}'@'%'`);
  const deletion = () => processes.raw('DELETE FROM payment WHERE 1 = 0');
  await grantUsers({ adminUrl, processUrl: url, purgeUrl, keepsRights: true });
  await t.resolves(deletion());
  await grantUsers({ adminUrl, processUrl: url, purgeUrl });
  await t.rejects(deletion(), { code: REFUSED });
});

t.test('an administrator and a user with global rights are refused and keep their rights', async (t) => {
  await t.rejects(grantUsers({ adminUrl, processUrl: adminUrl, purgeUrl }), {
    message: /is also a user whose rights/,
  });
  const name = new URL(purgeUrl).username;
  await mysql.raw(`GRANT PROCESS ON *.* TO '${name}'@'%'`);
  await t.rejects(grantUsers({ adminUrl, processUrl: url, purgeUrl }), { message: /has PROCESS on the whole server/ });
  await t.rejects(grantUsers({ adminUrl, processUrl: url.replace(name.slice(0, 6), "a'b"), purgeUrl: '' }), {
    message: /is not a valid user name/,
  });
});
