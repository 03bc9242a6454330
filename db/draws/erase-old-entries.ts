import type { Database } from '../mysql/database.ts';

export type EraseOldOptions = {
  /** After the sale closed. */
  keepDays: number;
  shouldStop(): boolean;
  /** Rows of one statement. Default: 1000. */
  batch?: number;
};

const BATCH = 1000;
const MAX_STOCKS = 1000;

/**
 * Removes buyer and salt from the entries without an offer of sales that closed `keepDays` ago. Their ids stay in the public file. Those that still
 * waited have left: nobody could get an offer, also when the sale opens again. Returns how many. It may be stopped and run again at any time.
 */
export async function eraseOldEntries(
  database: Database,
  { keepDays, shouldStop, batch = BATCH }: EraseOldOptions,
): Promise<number> {
  const stocks = await database.session((session) =>
    session.rows<{ sid: number }>(
      `SELECT DISTINCT d.sid FROM draw d JOIN stock s ON s.id = d.sid WHERE s.closes_at < NOW(3) - INTERVAL ? DAY
         AND EXISTS (SELECT 1 FROM entry e WHERE e.sid = d.sid AND e.buyer IS NOT NULL AND e.state <> 'offered') LIMIT ${MAX_STOCKS}`,
      [keepDays],
    ),
  );
  let erased = 0;
  for (const { sid } of stocks) {
    for (let rows = batch; rows === batch && !shouldStop(); ) {
      rows = await database.session((session) =>
        session.change(
          `UPDATE entry SET buyer = NULL, salt = NULL, state = 'left', ended_at = COALESCE(ended_at, NOW(3))
             WHERE sid = ? AND buyer IS NOT NULL AND state <> 'offered' LIMIT ?`,
          [sid, batch],
        ),
      );
      erased += rows;
    }
  }
  return erased;
}
