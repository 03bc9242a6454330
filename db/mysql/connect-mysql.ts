import type { EventEmitter } from 'node:events';
import createKnex, { type Knex } from 'knex';
import { readMysqlTls } from './mysql-settings.ts';
import { findWrongSetting, SESSION_CHECK, SESSION_STATEMENTS, type SessionRow } from './session-settings.ts';
import { createStatementEnder } from './statement-ender.ts';

export type MysqlOptions = {
  /** mysql://user:password@host:port/database, with the TLS settings as parameters. */
  url: string;
  /** Maximum number of connections. */
  maxConnections: number;
  /** Maximum wait for a free connection. */
  acquireDeadlineMs: number;
  /** The server ends a connection that is idle for this time, inside or outside a transaction, so that a frozen process does not
   * keep its row locks. 0: the server's setting. */
  idleSeconds?: number;
  /**
   * The deadline of one statement, in milliseconds. The server limits its waits for rows and tables to the same time, rounded up to
   * seconds: an abandoned statement would keep the locks of its transaction. 0: the server's settings, 50 s for rows and a day or
   * a year for tables.
   */
  statementMs?: number;
};

/** A pool of connections. A connection is opened when it is first needed. */
export function connectMysql(options: MysqlOptions): Knex {
  const { url, maxConnections, acquireDeadlineMs, idleSeconds = 0, statementMs = 0 } = options;
  const { hostname, port, username, password, pathname } = new URL(url);
  const limits = [
    ...(idleSeconds > 0 ? [`SET SESSION wait_timeout = ${Math.trunc(idleSeconds)}`] : []),
    ...(statementMs > 0 ? ['innodb_lock_wait_timeout', 'lock_wait_timeout'] : []).map(
      (name) => `SET SESSION ${name} = ${Math.ceil(statementMs / 1000)}`,
    ),
  ];
  const ssl = readMysqlTls(url);
  const account = {
    host: hostname,
    port: Number(port || 3306),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
    timezone: 'Z',
    connectTimeout: 2000,
    supportBigNumbers: true,
    ...(ssl && { ssl }),
  };
  const endOnServer = createStatementEnder(account);
  return createKnex({
    client: 'mysql2',
    // knex prints every error of a connection with its stack, and rejects with it.
    log: { warn: () => undefined },
    connection: account,
    acquireConnectionTimeout: acquireDeadlineMs,
    pool: {
      min: 0,
      max: maxConnections,
      // Below wait_timeout, so that the pool closes an idle connection before the server does.
      idleTimeoutMillis: idleSeconds > 0 ? idleSeconds * 600 : 30_000,
      afterCreate(connection: RawConnection, done: (error: Error | null, connection: RawConnection) => void) {
        // knex removes all listeners of a connection that it has closed, but mysql2 still emits errors of its socket. Without a
        // listener such an error ends the process.
        const removeAll = connection.removeAllListeners.bind(connection);
        connection.removeAllListeners = () => removeAll().on('error', () => undefined);
        prepare(connection, [...SESSION_STATEMENTS, ...limits]).then(
          (row) => {
            connection.endStatement = () => endOnServer(row);
            done(null, connection);
          },
          (error: Error) => {
            // knex forgets a connection whose set-up failed, but does not close it.
            connection.destroy();
            done(error, connection);
          },
        );
      },
    },
  });
}

type RawConnection = EventEmitter & {
  query(sql: string, callback: (error: Error | null, rows: unknown) => void): void;
  destroy(): void;
  /** Ends the statement that runs on the server, together with the connection. */
  endStatement?: () => void;
};

/** Sets the session variables that the SQL relies on, and reads back those on which escaping depends. */
async function prepare(connection: RawConnection, statements: string[]): Promise<SessionRow> {
  const ask = (sql: string): Promise<unknown> =>
    new Promise((resolve, reject) => {
      connection.query(sql, (error, rows) => (error ? reject(error) : resolve(rows)));
    });
  for (const sql of statements) await ask(sql);
  const [row] = (await ask(SESSION_CHECK)) as [SessionRow];
  const wrong = findWrongSetting(row);
  if (wrong) throw new Error(`the connection ignored a session setting: ${wrong}`);
  return row;
}
