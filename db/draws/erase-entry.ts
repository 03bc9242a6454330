import type { Database } from '../mysql/database.ts';
import { type Pace, realPace, repeatTransaction } from '../mysql/repeat-transaction.ts';
import { type RecordChange, recordNothing } from '../stocks/admin-action-table.ts';
import { endEntry } from './leave-entry.ts';

/** OFFERED: it had its turn, and its order names the buyer anyway. Without the name he could have a second turn. */
export type EraseOutcome = 'ERASED' | 'NO_ENTRY' | 'OFFERED';

/**
 * Removes buyer and salt from an entry, which thereby ends. What remains is the bare id: before closing it is in no draw, afterwards it stays in
 * the file and is passed over. `record` runs in the same transaction.
 */
export async function eraseEntry(
  database: Database,
  sid: number,
  buyer: string,
  record: RecordChange = recordNothing,
  pace: Pace = realPace,
): Promise<EraseOutcome> {
  return repeatTransaction(
    database,
    async (transaction): Promise<EraseOutcome> => {
      await endEntry(transaction, sid, buyer);
      const key = [sid, buyer];
      const erased = await transaction.change(
        `UPDATE entry SET buyer = NULL, salt = NULL WHERE sid = ? AND buyer = ? AND state = 'left'`,
        key,
      );
      if (erased === 0) {
        const held = await transaction.rows('SELECT place FROM entry WHERE sid = ? AND buyer = ?', key);
        return transaction.rollBack(held.length > 0 ? 'OFFERED' : 'NO_ENTRY');
      }
      await record(transaction, String(sid));
      return 'ERASED';
    },
    pace,
  );
}
