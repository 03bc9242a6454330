import type { Knex } from 'knex';
import type { Test } from 'tap';
import type { Pace } from '../../../db/mysql/repeat-transaction.ts';

type Rows = Record<string, unknown>[];

/** A connection of mysql2. A failed statement rejects with `errno`. */
export type ContractConnection = {
  query(sql: string, values?: unknown[]): Promise<Rows & { affectedRows?: number }>;
  destroy(): void;
};

export type ContractDatabase = {
  mysql: Knex;
  /** Lock waits end after 1 s; the server closes the connection after `idleMs` without a statement (0: never). */
  connect(idleMs?: number): Promise<ContractConnection>;
  createTestStock(count: number): Promise<number>;
  pace: Pace;
  /** Lets time pass until the work is done. */
  drive<T>(work: () => Promise<T>): Promise<T>;
};

/** Two connections to a database with a stock of 3 units. */
export type DatabaseTest = (
  title: string,
  body: (
    t: Test,
    db: ContractDatabase,
    connections: [ContractConnection, ContractConnection],
    sid: number,
  ) => Promise<void>,
) => void;

export const TAKE =
  'UPDATE stock SET sale = sale + ?, version = version + 1 WHERE id = ? AND version = ? AND sale + ? <= count';
export const RETURN = 'UPDATE stock SET version = version + 1 WHERE id = ?';

/** The error number of a statement; 0: it succeeded; undefined: the connection was lost. */
export async function errno(statement: Promise<unknown>): Promise<number | undefined> {
  return statement.then(
    () => 0,
    (error: { errno?: number }) => error.errno,
  );
}
