import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Knex } from 'knex';
import { connectMysql } from './connect-mysql.ts';

/** Makes the database when it is missing and brings its tables to the newest form. */
export async function migrateDatabase(mysqlUrl: string): Promise<void> {
  await createDatabase(mysqlUrl);
  await withMigrations(mysqlUrl, (mysql, config) => mysql.migrate.latest(config));
}

/** How many migrations this database has had, and those that it would get. A database that is not there has had none. */
export async function listPendingMigrations(
  mysqlUrl: string,
): Promise<{ done: number; pending: { name: string; file: string }[] }> {
  await createDatabase(mysqlUrl);
  return withMigrations(mysqlUrl, async (mysql, config) => {
    const [done, pending] = (await mysql.migrate.list(config)) as [unknown[], { file: string; directory: string }[]];
    return {
      done: done.length,
      pending: pending.map(({ file, directory }) => ({ name: file, file: path.join(directory, file) })),
    };
  });
}

/** Undoes every migration: the tables and all they hold are gone. */
export async function emptyDatabase(mysqlUrl: string): Promise<void> {
  await withMigrations(mysqlUrl, (mysql, config) => mysql.migrate.rollback(config, true));
}

async function withMigrations<T>(
  mysqlUrl: string,
  run: (mysql: Knex, config: Knex.MigratorConfig) => Promise<T>,
): Promise<T> {
  const mysql = connectMysql({ url: mysqlUrl, maxConnections: 2, acquireDeadlineMs: 10_000 });
  try {
    const directory = fileURLToPath(new URL('migrations', import.meta.url));
    return await run(mysql, { directory, loadExtensions: ['.ts'], tableName: 'migration' });
  } finally {
    await mysql.destroy();
  }
}

async function createDatabase(mysqlUrl: string): Promise<void> {
  const url = new URL(mysqlUrl);
  const database = decodeURIComponent(url.pathname.slice(1));
  if (!/^\w{1,64}$/.test(database))
    throw new Error(`MYSQL_URL: '${database}' is not a database name (letters, digits, _)`);
  url.pathname = '/';
  const server = connectMysql({ url: url.href, maxConnections: 1, acquireDeadlineMs: 10_000 });
  try {
    await server.raw(`CREATE DATABASE IF NOT EXISTS \`${database}\` DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
  } finally {
    await server.destroy();
  }
}
