import { createConnection } from 'mysql2/promise';
import t from 'tap';
import { findFreePorts } from '../../ci/local/ports/find-free-ports.ts';
import { startMariaDb } from '../../ci/local/servers/start-mariadb.ts';
import { startSupervisor } from '../../ci/local/supervisor/start-supervisor.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { createPool } from '../../ci/testing/servers/test-database.ts';
import { isInvalidOrder } from '../orders/decide-batch.ts';
import { decideOrders } from '../orders/decide-orders.ts';
import { createDatabase } from './database.ts';
import { migrateDatabase } from './migrate-database.ts';
import { realPace } from './repeat-transaction.ts';
import { findWrongSetting, type SessionRow } from './session-settings.ts';

// Starting a MariaDB server takes long on a busy machine.
t.setTimeout(240_000);

/** The worst defaults of a server. */
const HOSTILE = [
  '--sql-mode=NO_BACKSLASH_ESCAPES,ANSI_QUOTES,PIPES_AS_CONCAT,NO_UNSIGNED_SUBTRACTION',
  '--transaction-isolation=SERIALIZABLE',
  '--default-time-zone=+09:30',
  '--character-set-server=latin1',
  '--collation-server=latin1_swedish_ci',
  '--skip-character-set-client-handshake',
];
/** Defaults that would break the set-up of the server, or that can only be set at run time. */
const HOSTILE_GLOBALS = [
  'autocommit = 0',
  'completion_type = 1',
  'tx_read_only = 1',
  'sql_safe_updates = 1',
  'sql_select_limit = 1',
  'max_join_size = 1',
  'sql_auto_is_null = 1',
  'foreign_key_checks = 0',
  'max_statement_time = 0.2',
  'default_storage_engine = MyISAM',
];

const [port = 0] = await findFreePorts(1);
const supervisor = await startSupervisor(t.testdir({ logs: {} }), () => undefined);
t.teardown(() => supervisor.stop());
const { mysqlAdminUrl: url } = await startMariaDb(supervisor, port, HOSTILE);
const root = await createConnection(url);
await root.query(`SET GLOBAL ${HOSTILE_GLOBALS.join(', GLOBAL ')}`);
await root.end();
await migrateDatabase(url);
const mysql = createPool(t, url);
const database = createDatabase({ mysql, statementMs: 5000 });

t.test('a name with quotes and backslashes is stored as it is', async (t) => {
  const names = [`\\' OR 1=1 -- `, `\\`, `"`, `a'b"c\\d`, 'Ünï 😀', `'); DROP TABLE stock; -- `];
  for (const name of names) {
    const sid = await createTestStock(mysql, { name });
    const [row] = await database.session((session) =>
      session.rows<{ name: string }>('SELECT name FROM stock WHERE id = ? AND name = ?', [sid, name]),
    );
    t.equal(row?.name, name);
  }
});

t.test('single statements and transactions are committed', async (t) => {
  const sid = await createTestStock(mysql);
  const change = 'UPDATE stock SET version = version + 1 WHERE count > ?';
  await database.session((session) => session.change(change, [0]));
  await database.transaction((session) => session.change(change, [0]));
  const other = createPool(t, url, 1);
  const [row] = await createDatabase({ mysql: other, statementMs: 5000 }).session((session) =>
    session.rows<{ version: number }>('SELECT version FROM stock WHERE id = ?', [sid]),
  );
  t.equal(row?.version, 2);
});

t.test('orders are decided by UTC, without a limit on rows and time', async (t) => {
  const sid = await createTestStock(mysql, { count: 2 });
  const orders = ['ann', 'bob', 'kim'].map((buyer, i) => {
    return { orderNo: `${sid}-${i}`, sid, buyer, mintedAtMs: Date.now(), partition: 0, offset: BigInt(i) };
  });
  const options = { ...realPace, decidedBy: 'log' as const, payWithinMs: 900_000 };
  const { outcomes } = await decideOrders(database, orders, {
    ...options,
    beforeTry(tries, lastError) {
      if (tries > 5) throw lastError;
    },
  });
  t.same(
    outcomes.map((outcome) => (isInvalidOrder(outcome) ? outcome.invalid : outcome.decision)),
    ['CONFIRMED', 'CONFIRMED', 'SOLD_OUT'],
  );
  const rows = await database.session((session) =>
    session.rows<{ at: Date; engine: string }>(
      `SELECT create_time AS at, (SELECT ENGINE FROM information_schema.TABLES
       WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'migration') AS engine FROM stock_order WHERE sid = ?`,
      [sid],
    ),
  );
  t.equal(rows.length, 3, 'no limit on rows');
  t.ok(Math.abs((rows[0]?.at.getTime() ?? 0) - Date.now()) < 60_000, 'UTC');
  t.equal(rows[0]?.engine, 'InnoDB');
  await database.session((session) => session.rows('SELECT SLEEP(0.5)'));
});

t.test('a connection that ignored a setting is refused', async (t) => {
  const row: SessionRow = {
    autocommit: 1,
    zone: '+00:00',
    charset: 'utf8mb4',
    connectionId: 1,
    server: '',
    mode: 'NO_ENGINE_SUBSTITUTION,STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,STRICT_TRANS_TABLES',
  };
  t.equal(findWrongSetting(row), null, 'in any order of the modes');
  t.match(findWrongSetting({ ...row, mode: `${row.mode},NO_BACKSLASH_ESCAPES` }), /NO_BACKSLASH_ESCAPES/);
  t.match(findWrongSetting({ ...row, autocommit: 0 }), /autocommit/);
  t.match(findWrongSetting({ ...row, zone: 'SYSTEM' }), /SYSTEM/);
  t.match(findWrongSetting({ ...row, charset: 'latin1' }), /latin1/);
});
