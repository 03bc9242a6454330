import type { Session } from '../mysql/database.ts';

/**
 * Before the log is replayed over a restored database. Until `endRest` no unit is returned: an order of the log's own sequence would not
 * find the stock as it was when buyers were answered. Pauses are lifted, for records that were decided after the restored moment would
 * be refused by a pause that had ended by then. Runs in a transaction; resolves with the stocks that did not rest before.
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

/** After the replay: units are returned again, and what was paused is paused. Resolves with how many stocks rested. */
export function endRest(session: Session): Promise<number> {
  return session.change(END_SQL);
}

/** Ends the rest of these stocks alone: the replay for which it began does not take place. */
export async function undoRest(session: Session, sids: number[]): Promise<number> {
  return sids.length === 0 ? 0 : session.change(`${END_SQL} AND id IN (?)`, [sids]);
}

export async function countResting(session: Session): Promise<number> {
  const [row] = await session.rows<{ stocks: number }>(
    'SELECT COUNT(*) AS stocks FROM stock WHERE resting IS NOT NULL',
  );
  return row?.stocks ?? 0;
}
