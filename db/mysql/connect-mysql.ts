import type { EventEmitter } from 'node:events';
import createKnex, { type Knex } from 'knex';
import { findWrongSetting, SESSION_CHECK, SESSION_STATEMENTS, type SessionRow } from './session-settings.ts';
import { createStatementEnder } from './statement-ender.ts';

export type MysqlOptions = {
  /** mysql://user:password@host:port/database */
  url: string;
  /** Most connections at once. */
  maxConnections: number;
  /** Longest wait for a free connection. */
  acquireDeadlineMs: number;
  /** The server ends a connection that has been idle this long inside or outside a transaction, so that a frozen process
   * does not hold its row locks. 0: the server's own setting. */
  idleSeconds?: number;
  /**
   * How long the caller waits for one statement, in milliseconds. A statement that still waits for a row or a table when nobody waits for
   * it any more would keep the locks of its transaction for as long, and hold up who comes after it: the server ends it then, to the next
   * full second. 0: the server's own settings, which are 50 s and a day or a year.
   */
  statementMs?: number;
};

/** A pool of connections, none opened before it is needed. */
export function connectMysql(options: MysqlOptions): Knex {
  const { url, maxConnections, acquireDeadlineMs, idleSeconds = 0, statementMs = 0 } = options;
  const { hostname, port, username, password, pathname } = new URL(url);
  const limits = [
    ...(idleSeconds > 0 ? [`SET SESSION wait_timeout = ${Math.trunc(idleSeconds)}`] : []),
    ...(statementMs > 0 ? ['innodb_lock_wait_timeout', 'lock_wait_timeout'] : []).map(
      (name) => `SET SESSION ${name} = ${Math.ceil(statementMs / 1000)}`,
    ),
  ];
  const account = {
    host: hostname,
    port: Number(port || 3306),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
    timezone: 'Z',
    connectTimeout: 2000,
    supportBigNumbers: true,
  };
  const endOnServer = createStatementEnder(account);
  return createKnex({
    client: 'mysql2',
    connection: account,
    acquireConnectionTimeout: acquireDeadlineMs,
    pool: {
      min: 0,
      max: maxConnections,
      // Below wait_timeout, so that the pool lets go of a connection before the server does.
      idleTimeoutMillis: idleSeconds > 0 ? idleSeconds * 600 : 30_000,
      afterCreate(connection: RawConnection, done: (error: Error | null, connection: RawConnection) => void) {
        // knex takes all listeners off a connection that it has ended, and mysql2 still reports errors of its socket: when the
        // database's host vanished, that ended the process.
        const removeAll = connection.removeAllListeners.bind(connection);
        connection.removeAllListeners = () => removeAll().on('error', () => undefined);
        prepare(connection, [...SESSION_STATEMENTS, ...limits]).then(
          (row) => {
            connection.endStatement = () => endOnServer(row);
            done(null, connection);
          },
          (error: Error) => {
            // knex drops a connection that could not be set up without closing it.
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
  /** Ends the statement that runs on the server, and the connection with it. */
  endStatement?: () => void;
};

/** Sets all that the SQL relies on, and reads back what decides whether values can be written into it. */
async function prepare(connection: RawConnection, statements: string[]): Promise<SessionRow> {
  const ask = (sql: string): Promise<unknown> =>
    new Promise((resolve, reject) => {
      connection.query(sql, (error, rows) => (error ? reject(error) : resolve(rows)));
    });
  for (const sql of statements) await ask(sql);
  const [row] = (await ask(SESSION_CHECK)) as [SessionRow];
  const wrong = findWrongSetting(row);
  if (wrong) throw new Error(`the connection did not take our settings: ${wrong}`);
  return row;
}
