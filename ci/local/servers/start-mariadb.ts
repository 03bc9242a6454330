import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import mysql from 'mysql2/promise';
import { waitUntil } from '../../command/wait-until.ts';
import { findProgram } from '../set-up/find-program.mjs';
import type { Supervisor } from '../supervisor/start-supervisor.ts';
import { keepSecret } from './keep-secret.ts';

const READY_LIMIT_MS = 60_000;
const DATABASE = 'flashsale';
const ADMIN = 'flashsale_admin';
/** The users of the processes and of purge, created after the migrations (db/mysql/grant-users.ts). */
const users = { mysqlUrl: 'flashsale', mysqlPurgeUrl: 'flashsale_purge' };

export type MysqlAddresses = { mysqlUrl: string; mysqlAdminUrl: string; mysqlPurgeUrl: string };

/** Starts MariaDB with its data in the supervisor's folder; returns its URL for each user. `others`: more arguments of the server. */
export async function startMariaDb(
  supervisor: Supervisor,
  port: number,
  others: string[] = [],
): Promise<MysqlAddresses> {
  const dir = path.join(supervisor.dir, 'mariadb');
  const data = path.join(dir, 'data');
  await makeDataDirectory(dir, data);
  const temporary = path.join(dir, 'tmp');
  mkdirSync(temporary, { recursive: true });
  const passwordOf = (name: string) => keepSecret(path.join(dir, `${name}-password`), makePassword);
  const urlOf = (name: string) => `mysql://${name}:${passwordOf(name)}@127.0.0.1:${port}/${DATABASE}`;
  const initFile = writeInitFile(dir, passwordOf(ADMIN));
  const url = urlOf(ADMIN);
  await supervisor.start({
    name: 'mariadb',
    kind: 'mariadb',
    command: requireProgram('mariadbd', 'mysqld'),
    args: [...serverArguments({ data, temporary, port, initFile }), ...others],
    logFile: supervisor.logFile('mariadb'),
    stopLimitMs: 20_000,
    waitUntilReady: (signal) => waitUntil('MariaDB to answer', () => ping(url), { limitMs: READY_LIMIT_MS, signal }),
  });
  return { mysqlAdminUrl: url, mysqlUrl: urlOf(users.mysqlUrl), mysqlPurgeUrl: urlOf(users.mysqlPurgeUrl) };
}

type ServerFiles = { data: string; temporary: string; port: number; initFile: string };

function serverArguments({ data, temporary, port, initFile }: ServerFiles): string[] {
  return [
    '--no-defaults',
    `--user=${userInfo().username}`,
    `--datadir=${data}`,
    // A starting server deletes the temporary tables in its folder, also those of another server.
    `--tmpdir=${temporary}`,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    '--skip-name-resolve',
    // Relative to the data directory: the path of a socket has at most 107 characters.
    '--socket=mariadb.sock',
    '--pid-file=mariadb.pid',
    `--init-file=${initFile}`,
    // The design assumes that MySQL keeps what it committed.
    '--innodb-flush-log-at-trx-commit=1',
    '--sync-binlog=1',
    '--log-bin=binlog',
    '--server-id=1',
    '--binlog-format=ROW',
    '--binlog-expire-logs-seconds=86400',
    '--character-set-server=utf8mb4',
    '--collation-server=utf8mb4_unicode_ci',
    '--innodb-buffer-pool-size=256M',
    '--max-connections=500',
  ];
}

/** root can log in only over the unix socket, and only as the system user that owns the data. */
async function makeDataDirectory(dir: string, data: string): Promise<void> {
  if (existsSync(data)) return;
  const unfinished = path.join(dir, 'data.new');
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  await promisify(execFile)(requireProgram('mariadb-install-db'), [
    '--no-defaults',
    `--user=${userInfo().username}`,
    `--datadir=${unfinished}`,
    '--skip-test-db',
    '--auth-root-authentication-method=socket',
    `--auth-root-socket-user=${userInfo().username}`,
  ]);
  renameSync(unfinished, data);
}

function makePassword(): string {
  return randomBytes(12).toString('hex');
}

/** The server runs this file at each start, before it accepts connections. One statement on each line. */
function writeInitFile(dir: string, password: string): string {
  const file = path.join(dir, 'init.sql');
  const account = `'${ADMIN}'@'127.0.0.1'`;
  const statements = [
    `CREATE DATABASE IF NOT EXISTS ${DATABASE} CHARACTER SET utf8mb4`,
    `CREATE USER IF NOT EXISTS ${account}`,
    `ALTER USER ${account} IDENTIFIED BY '${password}'`,
    // Each test file creates its own database and users.
    `GRANT ALL ON *.* TO ${account} WITH GRANT OPTION`,
    // A user of earlier releases with all rights, which would take precedence over the user at any address.
    `DROP USER IF EXISTS '${users.mysqlUrl}'@'127.0.0.1'`,
  ];
  writeFileSync(file, `${statements.join(';\n')};\n`, { mode: 0o600 });
  return file;
}

async function ping(url: string): Promise<void> {
  const connection = await mysql.createConnection({ uri: url, connectTimeout: 2000 });
  try {
    await connection.query('SELECT 1');
  } finally {
    await connection.end();
  }
}

function requireProgram(...names: string[]): string {
  const program = findProgram(...names);
  if (!program)
    throw new Error(`${names[0]} of MariaDB is not installed. Install it or set MYSQL_URL to a running server`);
  return program;
}
