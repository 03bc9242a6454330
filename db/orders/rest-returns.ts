import type { Session } from '../mysql/database.ts';

/**
 * Called in a transaction before the log is replayed over a restored database. Until `endRest` no unit is returned, so that each
 * replayed order finds the stock as it was when its buyer was answered. Pauses are lifted: a pause of the restored moment would refuse
 * records that were decided after its end. Resolves with the stocks that did not rest before.
 */
export async function beginRest(session: Session): Promise<number[]> {
  const rows = await session.rows<{ id: number }>('SELECT id FROM stock WHERE resting IS NULL FOR UPDATE');
  const sids = rows.map(({ id }) => id);
  if (sids.length === 0) return [];
  await session.change(
    `UPDATE stock SET window_changed_at = IF(paused, NOW(3), window_changed_at), resting = IF(paused, 'paused', 'open'),
       paused = FALSE, version = version + 1 WHERE id IN (?)`,
    [sids],
  );
  return sids;
}

const END_SQL = `UPDATE stock SET window_changed_at = IF(resting = 'paused', NOW(3), window_changed_at),
  paused = paused OR resting = 'paused', resting = NULL, version = version + 1 WHERE resting IS NOT NULL`;

/** Called after the replay: units are returned again, and pauses are restored. Resolves with the number of stocks that rested. */
export function endRest(session: Session): Promise<number> {
  return session.change(END_SQL);
}

/** Ends the rest of these stocks, when their replay is cancelled. */
export async function undoRest(session: Session, sids: number[]): Promise<number> {
  return sids.length === 0 ? 0 : session.change(`${END_SQL} AND id IN (?)`, [sids]);
}

export async function countResting(session: Session): Promise<number> {
  const [row] = await session.rows<{ stocks: number }>(
    'SELECT COUNT(*) AS stocks FROM stock WHERE resting IS NOT NULL',
  );
  return row?.stocks ?? 0;
}
