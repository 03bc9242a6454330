import type { Knex } from 'knex';
import { callerSignal } from '../../proto/process/caller-scope.ts';
import { ConnectionError, isServersAnswer } from './classify-database-error.ts';

/** One connection of the pool, for as long as the work takes. Each statement has a deadline of its own. */
export type Session = {
  rows<Row>(sql: string, values?: unknown[]): Promise<Row[]>;
  /** Rows that the statement matched (mysql2 sets FOUND_ROWS), changed or not. */
  change(sql: string, values?: unknown[]): Promise<number>;
};

type Callback = (error: Error | null, result: unknown) => void;
type RawConnection = {
  query(options: { sql: string; timeout: number }, values: unknown[], callback: Callback): void;
  destroy(): void;
  endStatement?: () => void;
};

/**
 * Runs `work` on one connection. When it rejects the connection is thrown away, never given back: after a time-out a
 * statement may still run on it, and a later BEGIN would commit what was left open. A statement that is given up, because its time is up
 * or because the caller (proto/process/caller-scope.ts) went away, is ended on the server too.
 */
export async function useSession<T>(
  mysql: Knex,
  statementMs: number,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const caller = callerSignal();
  caller?.throwIfAborted();
  const raw = await acquire(mysql);
  let unanswered = 0;
  const run = (sql: string, values: unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (caller?.aborted) return reject(caller.reason);
      const giveUp = () => reject(caller?.reason);
      // A COMMIT that is on its way is waited for: its outcome would be unknown.
      if (sql !== 'COMMIT') caller?.addEventListener('abort', giveUp);
      unanswered += 1;
      raw.query({ sql, timeout: statementMs }, values, (error, result) => {
        caller?.removeEventListener('abort', giveUp);
        if (!error || isServersAnswer(error)) unanswered -= 1;
        if (error) reject(error);
        else resolve(result);
      });
    });
  try {
    return await work({
      rows: async <Row>(sql: string, values: unknown[] = []) => (await run(sql, values)) as Row[],
      change: async (sql, values = []) => ((await run(sql, values)) as { affectedRows: number }).affectedRows,
    });
  } catch (error) {
    // The server does not notice that the client is gone before it has something to say to it.
    if (unanswered > 0) raw.endStatement?.();
    // The pool drops a destroyed connection when it is next asked for one.
    raw.destroy();
    throw error;
  } finally {
    await mysql.client.releaseConnection(raw);
  }
}

async function acquire(mysql: Knex): Promise<RawConnection> {
  try {
    return (await mysql.client.acquireConnection()) as RawConnection;
  } catch (error) {
    throw new ConnectionError(`no connection to the database: ${(error as Error).message}`, { cause: error });
  }
}

/** What `work` returns to undo all it did. */
export const ROLL_BACK = Symbol('roll back');

/** One transaction: committed when `work` resolves, undone when it returns ROLL_BACK or rejects. */
export function useTransaction<T>(
  mysql: Knex,
  statementMs: number,
  work: (session: Session) => Promise<T | typeof ROLL_BACK>,
): Promise<T | typeof ROLL_BACK> {
  return useSession(mysql, statementMs, async (session) => {
    await session.change('BEGIN');
    const result = await work(session);
    await session.change(result === ROLL_BACK ? 'ROLLBACK' : 'COMMIT');
    return result;
  });
}
