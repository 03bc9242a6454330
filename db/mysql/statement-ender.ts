import mysql, { type Connection, type ConnectionOptions } from 'mysql2';

/** The identity of a connection on its server. `server` names the server, which may be one of several behind an address. */
export type ServerSide = { connectionId: number; server: string };

/** The name of the server of a connection. */
export const SERVER_SQL = "CONCAT_WS(' ', @@hostname, @@port, @@server_id)";

const MAX_WAITING = 1000;
const MAX_WAIT_MS = 10_000;
const RETRY_PAUSE_MS = 500;
const STATEMENT_MS = 1000;

/**
 * Ends abandoned statements together with their connections. It sends `KILL` over a separate connection, because abandoned statements
 * may have exhausted the pool, and retries for 10 s. The servers' time limits are no alternative: MariaDB's excludes procedures, MySQL's
 * covers only SELECT.
 */
export function createStatementEnder(options: ConnectionOptions): (statement: ServerSide) => void {
  const waiting = new Map<ServerSide, number>();
  let working = false;

  async function work(): Promise<void> {
    while (waiting.size > 0) {
      await endAll(options, waiting).catch(() => new Promise((resolve) => setTimeout(resolve, RETRY_PAUSE_MS)));
      const nowMs = performance.now();
      for (const [statement, sinceMs] of waiting) if (nowMs - sinceMs > MAX_WAIT_MS) waiting.delete(statement);
    }
    working = false;
  }

  return (statement) => {
    if (waiting.size >= MAX_WAITING) return;
    waiting.set(statement, performance.now());
    if (working) return;
    working = true;
    void work();
  };
}

/** Removes from `waiting` the statements that ended. */
async function endAll(options: ConnectionOptions, waiting: Map<ServerSide, number>): Promise<void> {
  const connection = mysql.createConnection(options);
  connection.on('error', () => undefined);
  try {
    const sql = `SELECT ${SERVER_SQL} AS server, CONNECTION_ID() AS newestId`;
    const [here] = (await ask(connection, sql)) as { server: string; newestId: number }[];
    for (const statement of waiting.keys()) {
      const { server, connectionId } = statement;
      // An id is unique on one server, and only until that server restarts and counts from 1.
      if (server === here?.server && connectionId < here.newestId) await kill(connection, connectionId);
      waiting.delete(statement);
    }
  } finally {
    connection.destroy();
  }
}

/** Ignores a connection that has ended, or that belongs to another user. */
async function kill(connection: Connection, connectionId: number): Promise<void> {
  await ask(connection, `KILL ${Math.trunc(connectionId)}`).catch((error: { errno?: number }) => {
    if (error.errno !== 1094 && error.errno !== 1095) throw error;
  });
}

function ask(connection: Connection, sql: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    connection.query({ sql, timeout: STATEMENT_MS }, (error, result) => (error ? reject(error) : resolve(result)));
  });
}
