import { entryIdOf } from '../../../proto/draws/entry-id-of.ts';
import type { Database, Transaction } from '../../mysql/database.ts';
import type { Draw } from '../draw-table.ts';
import { ClaimLostError, type DrawClaim } from './claim-draw.ts';

const PAGE = 1000;

type OldEntry = { entryId: Buffer; buyer: string; salt: Buffer };

/**
 * Gives the entries of void attempts, those that wait, the ids of this one. It may be stopped and run again at any time: an entry that has its new
 * id is no longer of an earlier attempt. A worker that lost its claim renews none. Returns when no entry of an earlier attempt is left.
 */
export async function renewEntryIds(
  database: Database,
  claim: DrawClaim,
  draw: Draw,
  page: number = PAGE,
): Promise<void> {
  const { sid, attempt, drawId } = draw;
  if (attempt === 1) return;
  let after: Buffer = Buffer.alloc(0);
  for (;;) {
    await claim.keep();
    const rows = await database.session((session) =>
      session.rows<OldEntry>(
        `SELECT entry_id AS entryId, buyer, salt FROM entry WHERE sid = ? AND entry_id > ? AND attempt > 0 AND attempt < ? AND state = 'waiting'
         ORDER BY entry_id LIMIT ?`,
        [sid, after, attempt, page],
      ),
    );
    const last = rows.at(-1);
    if (!last) {
      if (after.length === 0) return;
      after = Buffer.alloc(0);
      continue;
    }
    after = last.entryId;
    const pairs = rows.map(({ entryId, buyer, salt }) => [
      entryId.toString('hex'),
      Buffer.from(entryIdOf(drawId, buyer, salt)).toString('hex'),
    ]);
    await database.transaction((transaction) => renewPage(transaction, claim, pairs));
  }
}

/** Locks the draw: nobody claims or states it between the look at its claim and the COMMIT. */
async function renewPage(transaction: Transaction, claim: DrawClaim, pairs: string[][]): Promise<void> {
  const { sid, attempt } = claim;
  const held = await transaction.rows(
    `SELECT attempt FROM draw WHERE sid = ? AND attempt = ? AND state = 'closed' AND claimed_until = ? LOCK IN SHARE MODE`,
    [sid, attempt, claim.claimedUntil()],
  );
  if (held.length === 0) throw new ClaimLostError(`draw ${sid}/${attempt} is not this worker's`);
  await transaction.change(
    `UPDATE JSON_TABLE(?, '$[*]' COLUMNS (old_id CHAR(64) PATH '$[0]', new_id CHAR(64) PATH '$[1]')) p
       STRAIGHT_JOIN entry e ON e.sid = ? AND e.entry_id = UNHEX(p.old_id)
     SET e.entry_id = UNHEX(p.new_id), e.attempt = ? WHERE e.attempt > 0 AND e.attempt < ? AND e.state = 'waiting'`,
    [JSON.stringify(pairs), sid, attempt, attempt],
  );
}
