import type { EventEmitter } from 'node:events';
import createKnex, { type Knex } from 'knex';

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

// READ COMMITTED: the version check needs to see what others committed, and locks no gaps. UTC: times are the database's.
const SESSION = ["SET time_zone = '+00:00'", 'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED'];

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
  return createKnex({
    client: 'mysql2',
    connection: {
      host: hostname,
      port: Number(port || 3306),
      user: decodeURIComponent(username),
      password: decodeURIComponent(password),
      database: decodeURIComponent(pathname.slice(1)),
      timezone: 'Z',
      connectTimeout: 2000,
      supportBigNumbers: true,
    },
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
        runAll(connection, [...SESSION, ...limits], (error) => {
          // knex drops a connection that could not be set up without closing it.
          if (error) connection.destroy();
          done(error, connection);
        });
      },
    },
  });
}

type RawConnection = EventEmitter & {
  query(sql: string, callback: (error: Error | null) => void): void;
  destroy(): void;
};

function runAll(connection: RawConnection, statements: string[], done: (error: Error | null) => void): void {
  const [first, ...rest] = statements;
  if (first === undefined) done(null);
  else connection.query(first, (error) => (error ? done(error) : runAll(connection, rest, done)));
}
