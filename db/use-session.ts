import type { Knex } from 'knex';

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
};

/**
 * Runs `work` on one connection. When it rejects the connection is thrown away, never given back: after a time-out a
 * statement may still run on it, and a later BEGIN would commit what was left open.
 */
export async function useSession<T>(
  mysql: Knex,
  statementMs: number,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const raw = (await mysql.client.acquireConnection()) as RawConnection;
  const run = (sql: string, values: unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      raw.query({ sql, timeout: statementMs }, values, (error, result) => (error ? reject(error) : resolve(result)));
    });
  try {
    return await work({
      rows: async <Row>(sql: string, values: unknown[] = []) => (await run(sql, values)) as Row[],
      change: async (sql, values = []) => ((await run(sql, values)) as { affectedRows: number }).affectedRows,
    });
  } catch (error) {
    // The pool drops a destroyed connection when it is next asked for one.
    raw.destroy();
    throw error;
  } finally {
    await mysql.client.releaseConnection(raw);
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
