import type { Database, Session } from '../mysql/database.ts';
import { type Pace, realPace, repeatTransaction } from '../mysql/repeat-transaction.ts';
import { lockDraw, readLatestDraw } from './draw-table.ts';
import { type Entry, readEntries } from './entry-table.ts';

/** LEFT: now or earlier. OFFERED: it had its turn; its order can be cancelled instead. */
export type LeaveOutcome = 'LEFT' | 'NO_ENTRY' | 'OFFERED';

export type LeftEntry = { outcome: LeaveOutcome; entry: Entry | null };

/** Ends the entry of a buyer who waits. Before closing he may enter again; afterwards the id stays in the file and is passed over. */
export async function leaveEntry(
  database: Database,
  sid: number,
  buyer: string,
  pace: Pace = realPace,
): Promise<LeftEntry> {
  return repeatTransaction(
    database,
    async (transaction): Promise<LeftEntry> => {
      await endEntry(transaction, sid, buyer);
      const [entry] = await readEntries(transaction, [{ sid, buyer }]);
      if (!entry) return transaction.rollBack({ outcome: 'NO_ENTRY', entry: null });
      return { outcome: entry.state === 'offered' ? 'OFFERED' : 'LEFT', entry };
    },
    pace,
  );
}

/** In a transaction: closing waits for it, so what leaves while entries are taken is no leaf of the tree. */
export async function endEntry(session: Session, sid: number, buyer: string): Promise<void> {
  const draw = await readLatestDraw(session, sid);
  if (!draw) return;
  // Later the draw has no need of the lock, and the placer locks the row of an entry before that of the draw.
  const isTaking = draw.state === 'taking' && (await lockDraw(session, draw, 'share')).state === 'taking';
  await session.change(
    `UPDATE entry SET state = 'left', ended_at = NOW(3), attempt = IF(?, 0, attempt) WHERE sid = ? AND buyer = ? AND state = 'waiting'`,
    [isTaking, sid, buyer],
  );
}
