import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import type { Test } from 'tap';
import { connectMysql } from '../../db/connect-mysql.ts';
import { migrateDatabase } from '../../db/migrate-database.ts';
import { readConfig } from './config.ts';

export type TestDatabase = { url: string; mysql: Knex };

const MAX_CONNECTIONS = 20;

/** A database of the test's own with all tables, dropped when the test ends. */
export async function openTestDatabase(t: Test, options: { migrate?: boolean } = {}): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const url = new URL(name, readConfig().TEST_MYSQL_URL).href;
  if (options.migrate !== false) await migrateDatabase(url);
  const mysql = openPool(t, url);
  // Teardowns run in reverse: this is done before the pool closes.
  t.teardown(() => mysql.raw(`DROP DATABASE IF EXISTS \`${name}\``));
  return { url, mysql };
}

/** One more pool on that database: another process, as far as MySQL can tell. */
export function openPool(t: Test, url: string, maxConnections = MAX_CONNECTIONS): Knex {
  const mysql = connectMysql({ url, maxConnections, acquireDeadlineMs: 10_000 });
  t.teardown(() => mysql.destroy());
  return mysql;
}
