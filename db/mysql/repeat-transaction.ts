import { type Clock, pause, realClock } from '../../proto/process/clock.ts';
import type { Database, Transaction } from './database.ts';

/** How the pause between two tries is made. */
export type Pace = { clock: Clock; random(): number };

export const realPace: Pace = { clock: realClock, random: Math.random };

const TRIES = 4;
const PAUSE_MS = 10;
// A changed record, a duplicate key, a deadlock: the transaction is rolled back, by the server or with its connection.
const UNDONE = new Set([1020, 1062, 1213]);

/**
 * Runs `work` in a transaction, and again after a conflict with another transaction. Any other error, and the error of the
 * last of 4 tries, rejects; the outcome is then unknown.
 */
export async function repeatTransaction<T>(
  database: Database,
  work: (transaction: Transaction) => Promise<T>,
  pace: Pace,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await database.transaction(work);
    } catch (error) {
      const { errno } = error as { errno?: number };
      if (tries >= TRIES || errno === undefined || !UNDONE.has(errno)) throw error;
      await pause(pace.clock, PAUSE_MS * tries * (0.5 + pace.random()));
    }
  }
}
