import type { Knex } from 'knex';
import { type Clock, pause, realClock } from '../../proto/process/clock.ts';
import { type ROLL_BACK, type Session, useTransaction } from './use-session.ts';

/** How the wait between two tries is made. */
export type Pace = { clock: Clock; random(): number };

export const realPace: Pace = { clock: realClock, random: Math.random };

const TRIES = 4;
const PAUSE_MS = 10;
// A changed record, a duplicate key, a deadlock: the database undid the whole transaction, or useTransaction did with the connection.
const UNDONE = new Set([1020, 1062, 1213]);

/**
 * Like useTransaction, and runs `work` again when the database says that somebody else was first. Any other error, and the
 * last of 4 tries, rejects; the outcome is then unknown.
 */
export async function repeatTransaction<T>(
  mysql: Knex,
  statementMs: number,
  work: (session: Session) => Promise<T | typeof ROLL_BACK>,
  pace: Pace,
): Promise<T | typeof ROLL_BACK> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await useTransaction(mysql, statementMs, work);
    } catch (error) {
      const { errno } = error as { errno?: number };
      if (tries >= TRIES || errno === undefined || !UNDONE.has(errno)) throw error;
      await pause(pace.clock, PAUSE_MS * tries * (0.5 + pace.random()));
    }
  }
}
