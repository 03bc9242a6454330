import type { Database, Session } from '../../../../db/mysql/database.ts';
import { waitUntil } from '../../../command/wait-until.ts';
import type { DrawSale, DrawStage } from './draw-stage.ts';

export type HeldRows<Row> = {
  rows: Row[];
  /** Ends the transaction. Resolves also when the database has ended it before. */
  release(): Promise<void>;
};

const LIMIT_MS = 60_000;

/** Runs a statement that locks rows, in a transaction of its own, which lasts until it is released. A failed statement is repeated. */
export function holdRows<Row>(database: Database, sql: string, values: unknown[]): Promise<HeldRows<Row>> {
  return waitUntil('rows to be locked', () => tryToHold<Row>(database, sql, values), { limitMs: LIMIT_MS });
}

async function tryToHold<Row>(database: Database, sql: string, values: unknown[]): Promise<HeldRows<Row>> {
  const held = Promise.withResolvers<Row[]>();
  const released = Promise.withResolvers<void>();
  const transaction = database.transaction(async (session) => {
    held.resolve(await session.rows<Row>(sql, values));
    await released.promise;
  });
  transaction.catch(held.reject);
  const rows = await held.promise;
  return {
    rows,
    async release() {
      released.resolve();
      await transaction.catch(() => undefined);
    },
  };
}

/** Locks an entry in the middle of the ids. */
export function holdEntry({ database }: DrawStage, { sid, entered }: DrawSale): Promise<HeldRows<unknown>> {
  const middle = [...entered.values()].sort()[Math.floor(entered.size / 2)] ?? '';
  const sql = 'SELECT buyer FROM entry WHERE sid = ? AND entry_id = ? FOR UPDATE';
  return holdRows(database, sql, [sid, Buffer.from(middle, 'hex')]);
}

/** Resolves when statements like each of these wait for a lock. */
export async function waitForWaiters(database: Database, ...patterns: string[]): Promise<void> {
  const check = () =>
    database.session(async (session) => {
      for (const pattern of patterns) {
        if (!(await isWaiting(session, pattern))) throw new Error(`no statement like ${pattern} waits`);
      }
    });
  await waitUntil('statements to wait for a lock', check, { limitMs: LIMIT_MS });
}

async function isWaiting(session: Session, pattern: string): Promise<boolean> {
  const sql = `SELECT COUNT(*) AS n FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT' AND trx_query LIKE ?`;
  const [row] = await session.rows<{ n: number }>(sql, [pattern]);
  return Number(row?.n) > 0;
}
