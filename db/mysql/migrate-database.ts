import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Knex } from 'knex';
import { connectMysql } from './connect-mysql.ts';

/** Makes the database when it is missing and brings its tables to the newest form. */
export async function migrateDatabase(mysqlUrl: string): Promise<void> {
  await ensureDatabase(mysqlUrl);
  await withMigrations(mysqlUrl, (mysql, config) =>
    oneAtATime(mysql, async () => {
      // knex's own lock is a row, which stays when its process is killed; whoever it was, it is not at work any more.
      await mysql.migrate.forceFreeMigrationsLock(config);
      await mysql.migrate.latest(config);
    }),
  );
}

/** Holds a lock of this database that the server takes back with the connection. Rejects after a minute. */
async function oneAtATime(mysql: Knex, work: () => Promise<void>): Promise<void> {
  const connection = await mysql.client.acquireConnection();
  const name = "CONCAT('migrate ', LEFT(DATABASE(), 50))";
  try {
    const [[held]] = await mysql.raw(`SELECT GET_LOCK(${name}, ?) AS got`, [LOCK_WAIT_S]).connection(connection);
    if (held.got !== 1) throw new Error(`another migration of this database has been at work for ${LOCK_WAIT_S} s`);
    await work();
    await mysql.raw(`DO RELEASE_LOCK(${name})`).connection(connection);
  } finally {
    await mysql.client.releaseConnection(connection);
  }
}

/** How many migrations this database has had, and those that it would get. A database that is not there has had none. */
export async function listPendingMigrations(
  mysqlUrl: string,
): Promise<{ done: number; pending: { name: string; file: string }[] }> {
  await ensureDatabase(mysqlUrl);
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

/**
 * While a change of a table waits for a long read of it, such as a dump, everybody else waits behind it. Then it had better not be made
 * now.
 */
const TABLE_WAIT_MS = 5000;
const LOCK_WAIT_S = 60;

async function withMigrations<T>(
  mysqlUrl: string,
  run: (mysql: Knex, config: Knex.MigratorConfig) => Promise<T>,
): Promise<T> {
  const limits = { maxConnections: 3, acquireDeadlineMs: 10_000, statementMs: TABLE_WAIT_MS };
  const mysql = connectMysql({ url: mysqlUrl, ...limits });
  try {
    const directory = fileURLToPath(new URL('migrations', import.meta.url));
    return await run(mysql, { directory, loadExtensions: ['.ts'], tableName: 'migration' });
  } finally {
    await mysql.destroy();
  }
}

async function ensureDatabase(mysqlUrl: string): Promise<void> {
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
