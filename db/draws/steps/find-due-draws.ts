import type { Session } from '../../mysql/database.ts';
import type { BeaconChain } from '../plan-round.ts';
import type { DrawKey } from './claim-draw.ts';

/** A stated draw is due from its round on, by the database's clock. */
const IS_DUE = `(state = 'closed' OR (state = 'taking' AND entries_close_at <= NOW(3)) OR (state = 'stated' AND
  (beacon_round IS NULL OR randomness IS NOT NULL OR beacon_round <= FLOOR((UNIX_TIMESTAMP(NOW(3)) * 1000 - ?) / ?) + 1)))`;

/**
 * Draws that have a step to be done and that no worker has claimed, by the time of closing. Last are those that need their beacon: they lose
 * nothing when they wait, and while it is away they hold up no statement, which may come too late.
 */
export function findDueDraws(session: Session, chain: BeaconChain, limit: number): Promise<DrawKey[]> {
  return session.rows<DrawKey>(
    `SELECT sid, attempt FROM draw WHERE ${IS_DUE} AND (claimed_until IS NULL OR claimed_until <= NOW(3))
     ORDER BY state = 'stated', beacon_round IS NOT NULL AND randomness IS NULL, entries_close_at LIMIT ?`,
    [chain.genesisMs, chain.periodMs, limit],
  );
}

/** Draws that have a step to be done, claimed or not. */
export async function countDueDraws(session: Session, chain: BeaconChain): Promise<number> {
  const sql = `SELECT COUNT(*) AS due FROM draw WHERE ${IS_DUE}`;
  const [row] = await session.rows<{ due: number }>(sql, [chain.genesisMs, chain.periodMs]);
  return Number(row?.due ?? 0);
}
