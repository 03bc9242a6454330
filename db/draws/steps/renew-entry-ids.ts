import { entryIdOf } from '../../../proto/draws/entry-id-of.ts';
import type { Database } from '../../mysql/database.ts';
import type { Draw } from '../draw-table.ts';
import type { DrawClaim } from './claim-draw.ts';

const PAGE = 1000;

type OldEntry = { entryId: Buffer; buyer: string; salt: Buffer };

/**
 * Gives the entries of void attempts, those that wait, the ids of this one. It may be stopped and run again at any time: each page is one
 * statement, and an entry that has its new id is no longer of an earlier attempt.
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
    if (!last) return;
    after = last.entryId;
    const pairs = rows.map(({ entryId, buyer, salt }) => [
      entryId.toString('hex'),
      Buffer.from(entryIdOf(drawId, buyer, salt)).toString('hex'),
    ]);
    await database.session((session) =>
      session.change(
        `UPDATE JSON_TABLE(?, '$[*]' COLUMNS (old_id CHAR(64) PATH '$[0]', new_id CHAR(64) PATH '$[1]')) p
           STRAIGHT_JOIN entry e ON e.sid = ? AND e.entry_id = UNHEX(p.old_id)
         SET e.entry_id = UNHEX(p.new_id), e.attempt = ? WHERE e.attempt > 0 AND e.attempt < ? AND e.state = 'waiting'`,
        [JSON.stringify(pairs), sid, attempt, attempt],
      ),
    );
  }
}
