import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import type { Test } from 'tap';
import { connectMysql } from '../../../db/mysql/connect-mysql.ts';
import { createDatabase, type Database } from '../../../db/mysql/database.ts';
import { grantUsers } from '../../../db/mysql/grant-users.ts';
import { migrateDatabase } from '../../../db/mysql/migrate-database.ts';
import { readConfig } from './config.ts';

export type TestDatabase = {
  /** For the user of the processes, with the rights they need. */
  url: string;
  purgeUrl: string;
  adminUrl: string;
  /** For the test itself, with all rights. */
  mysql: Knex;
  /** The same connections, with a deadline of 5 s for each statement. */
  database: Database;
};

const MAX_CONNECTIONS = 20;

/** A new database with all tables, dropped when the test ends. */
export async function createTestDatabase(t: Test, options: { migrate?: boolean } = {}): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const adminUrl = new URL(name, readConfig().TEST_MYSQL_URL).href;
  const url = urlOf(adminUrl, name);
  const purgeUrl = urlOf(adminUrl, `${name}_purge`);
  if (options.migrate !== false) {
    await migrateDatabase(adminUrl);
    await grantUsers({ adminUrl, processUrl: url, purgeUrl });
  }
  const mysql = createPool(t, adminUrl);
  // Teardowns run in reverse order: this one runs before the pool closes.
  t.teardown(async () => {
    await mysql.raw(`DROP DATABASE IF EXISTS \`${name}\``);
    await mysql.raw(`DROP USER IF EXISTS '${name}'@'%', '${name}_purge'@'%'`);
  });
  return { url, purgeUrl, adminUrl, mysql, database: createDatabase({ mysql, statementMs: 5000 }) };
}

/** The same database for another user. */
function urlOf(adminUrl: string, user: string): string {
  const url = new URL(adminUrl);
  url.username = user;
  url.password = randomBytes(12).toString('hex');
  return url.href;
}

/** Another pool on that database, which acts like another process. */
export function createPool(t: Test, url: string, maxConnections = MAX_CONNECTIONS): Knex {
  const mysql = connectMysql({ url, maxConnections, acquireDeadlineMs: 10_000 });
  t.teardown(() => mysql.destroy());
  return mysql;
}
