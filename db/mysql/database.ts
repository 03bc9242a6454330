import type { Knex } from 'knex';
import { callerSignal } from '../../proto/process/caller-scope.ts';
import { ConnectionError, isServerAnswer } from './classify-database-error.ts';

/** One connection of the pool, for as long as the work takes. Each statement has its own deadline. */
export type Session = {
  rows<Row>(sql: string, values?: unknown[]): Promise<Row[]>;
  /** Rows that the statement matched (mysql2 sets FOUND_ROWS), changed or not. */
  change(sql: string, values?: unknown[]): Promise<number>;
};

export type Transaction = Session & {
  /** Makes the transaction end with ROLLBACK instead of COMMIT, and returns `value`: `return transaction.rollBack(value)`. */
  rollBack<T>(value: T): T;
};

export type DatabaseOptions = {
  mysql: Knex;
  /** The deadline of one statement, in milliseconds. */
  statementMs: number;
  /** Called after each statement that the server answered or that was given up. `verb`: its first word, such as SELECT. */
  onStatement?: ((verb: string, seconds: number) => void) | undefined;
};

export type Database = {
  /**
   * Runs `work` on one connection. When it rejects, the connection is destroyed instead of returned to the pool: after a time-out a
   * statement may still run on it, and a later BEGIN would commit what was left open. A statement that is given up, because of its
   * deadline or because the caller (proto/process/caller-scope.ts) went away, is ended on the server too.
   */
  session<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** Runs `work` in one transaction: committed when it resolves, rolled back when it rejects or has called `rollBack`. */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
  /** The same pool with another deadline for each statement. */
  withStatementMs(statementMs: number): Database;
};

type Callback = (error: Error | null, result: unknown) => void;
type RawConnection = {
  query(options: { sql: string; timeout: number }, values: unknown[], callback: Callback): void;
  destroy(): void;
  endStatement?: () => void;
};

export function createDatabase(options: DatabaseOptions): Database {
  const { mysql, onStatement } = options;
  return {
    session: (work) => useSession(options, work),
    transaction: (work) => useTransaction(options, work),
    withStatementMs: (statementMs) => createDatabase({ mysql, statementMs, onStatement }),
  };
}

const FIRST_WORD = /^\s*(\w+)/;

async function useSession<T>(
  { mysql, statementMs, onStatement }: DatabaseOptions,
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
      // A COMMIT in flight is always awaited: without its answer the outcome is unknown.
      if (sql !== 'COMMIT') caller?.addEventListener('abort', giveUp);
      unanswered += 1;
      const startedMs = performance.now();
      raw.query({ sql, timeout: statementMs }, values, (error, result) => {
        caller?.removeEventListener('abort', giveUp);
        onStatement?.(FIRST_WORD.exec(sql)?.[1] ?? '', (performance.now() - startedMs) / 1000);
        if (!error || isServerAnswer(error)) unanswered -= 1;
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
    // The server notices that a client is gone only when it next sends something to it.
    if (unanswered > 0) raw.endStatement?.();
    // The pool drops a destroyed connection on the next acquire.
    raw.destroy();
    throw error;
  } finally {
    await mysql.client.releaseConnection(raw);
  }
}

function useTransaction<T>(options: DatabaseOptions, work: (transaction: Transaction) => Promise<T>): Promise<T> {
  return useSession(options, async (session) => {
    let rolledBack = false;
    const rollBack = <Value>(value: Value): Value => {
      rolledBack = true;
      return value;
    };
    await session.change('BEGIN');
    const result = await work({ ...session, rollBack });
    await session.change(rolledBack ? 'ROLLBACK' : 'COMMIT');
    return result;
  });
}

async function acquire(mysql: Knex): Promise<RawConnection> {
  try {
    return (await mysql.client.acquireConnection()) as RawConnection;
  } catch (error) {
    throw new ConnectionError(`no connection to the database: ${(error as Error).message}`, { cause: error });
  }
}
