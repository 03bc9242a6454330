import mysql, { type Connection, type ConnectionOptions } from 'mysql2';

/** A connection as its server knows it. `server` names the server itself, which may be one of several behind an address. */
export type ServerSide = { connectionId: number; server: string };

/** Names the server that a connection leads to. */
export const SERVER_SQL = "CONCAT_WS(' ', @@hostname, @@port, @@server_id)";

const WAITING_MAX = 1000;
const WAIT_MAX_MS = 10_000;
const TRY_AGAIN_MS = 500;
const STATEMENT_MS = 1000;

/**
 * Ends statements whose caller waits no longer, with their connections: `KILL`, over a connection of its own, for the pool may be used
 * up by what is to be ended. The servers' own limits do not do: MariaDB's leaves out procedures, MySQL's is for SELECT alone. Tries for 10 s.
 */
export function createStatementEnder(options: ConnectionOptions): (of: ServerSide) => void {
  const waiting = new Map<ServerSide, number>();
  let working = false;

  async function work(): Promise<void> {
    while (waiting.size > 0) {
      await endAll(options, waiting).catch(() => new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS)));
      const nowMs = performance.now();
      for (const [one, sinceMs] of waiting) if (nowMs - sinceMs > WAIT_MAX_MS) waiting.delete(one);
    }
    working = false;
  }

  return (one) => {
    if (waiting.size >= WAITING_MAX) return;
    waiting.set(one, performance.now());
    if (working) return;
    working = true;
    void work();
  };
}

/** Takes out of `waiting` what was dealt with. */
async function endAll(options: ConnectionOptions, waiting: Map<ServerSide, number>): Promise<void> {
  const connection = mysql.createConnection(options);
  connection.on('error', () => undefined);
  try {
    const sql = `SELECT ${SERVER_SQL} AS server, CONNECTION_ID() AS newestId`;
    const [here] = (await ask(connection, sql)) as { server: string; newestId: number }[];
    for (const one of waiting.keys()) {
      // On another server the same number is another connection. A server that was started anew counts from 1 again.
      if (one.server === here?.server && one.connectionId < here.newestId) await kill(connection, one.connectionId);
      waiting.delete(one);
    }
  } finally {
    connection.destroy();
  }
}

/** A connection that has ended by itself, or that is not ours, is left alone. */
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
