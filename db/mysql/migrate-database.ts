import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Knex } from 'knex';
import { connectMysql } from './connect-mysql.ts';

/**
 * Creates the database if it is missing, and runs all pending migrations. Resolves with the names of the migrations of a later release, which
 * the database has when that release is undone: its tables are kept.
 */
export async function migrateDatabase(mysqlUrl: string): Promise<{ later: string[] }> {
  await ensureDatabase(mysqlUrl);
  return withMigrations(mysqlUrl, async (mysql, config) => {
    await oneAtATime(mysql, async () => {
      // knex's lock is a row that stays when its process is killed. GET_LOCK proves that no other migration runs.
      await mysql.migrate.forceFreeMigrationsLock(config);
      await mysql.migrate.latest(config);
    });
    const [done] = (await mysql.migrate.list(config)) as [{ name: string }[], unknown];
    const own = new Set(readdirSync(MIGRATIONS));
    return { later: done.map(({ name }) => name).filter((name) => !own.has(name)) };
  });
}

/** Holds a lock on this database that ends with the connection. Rejects after a minute. */
async function oneAtATime(mysql: Knex, work: () => Promise<void>): Promise<void> {
  const connection = await mysql.client.acquireConnection();
  const name = "CONCAT('migrate ', LEFT(DATABASE(), 50))";
  try {
    const [[held]] = await mysql.raw(`SELECT GET_LOCK(${name}, ?) AS got`, [LOCK_WAIT_S]).connection(connection);
    if (held.got !== 1) throw new Error(`another migration of this database has been running for ${LOCK_WAIT_S} s`);
    await work();
    await mysql.raw(`DO RELEASE_LOCK(${name})`).connection(connection);
  } finally {
    await mysql.client.releaseConnection(connection);
  }
}

/** The number of migrations that were run, and the pending ones. Creates the database if it is missing. */
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

/** Reverts all migrations. This deletes all tables and their data. */
export async function emptyDatabase(mysqlUrl: string): Promise<void> {
  await withMigrations(mysqlUrl, (mysql, config) => mysql.migrate.rollback(config, true));
}

const MIGRATIONS = fileURLToPath(new URL('migrations', import.meta.url));
/** While an ALTER TABLE waits for a long read, such as a dump, all later statements wait behind it. It fails after this time. */
const TABLE_WAIT_MS = 5000;
const LOCK_WAIT_S = 60;

async function withMigrations<T>(
  mysqlUrl: string,
  run: (mysql: Knex, config: Knex.MigratorConfig) => Promise<T>,
): Promise<T> {
  const limits = { maxConnections: 3, acquireDeadlineMs: 10_000, statementMs: TABLE_WAIT_MS };
  const mysql = connectMysql({ url: mysqlUrl, ...limits });
  try {
    // Without its check knex would refuse the migrations of a later release.
    const disableMigrationsListValidation = true;
    const config = {
      directory: MIGRATIONS,
      disableMigrationsListValidation,
      loadExtensions: ['.ts'],
      tableName: 'migration',
    };
    return await run(mysql, config);
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
