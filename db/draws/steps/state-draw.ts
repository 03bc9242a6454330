import { createMerkleTree } from '../../../proto/draws/merkle-tree.ts';
import { signStatement } from '../../../proto/draws/sign-draw.ts';
import type { Database, Session } from '../../mysql/database.ts';
import { insertDrawEvent } from '../draw-event-table.ts';
import type { Draw } from '../draw-table.ts';
import { type BeaconChain, roundTimeMs, STATED_BEFORE_MS } from '../plan-round.ts';
import type { DrawClaim } from './claim-draw.ts';
import { readAllIds } from './read-all-ids.ts';
import { renewEntryIds } from './renew-entry-ids.ts';

export type StateDrawOptions = {
  drawKey: string;
  chain: BeaconChain;
  /** This process's clock: the database's may be slow, and a statement of after its round proves nothing. Default: Date.now. */
  wallClock?: (() => number) | undefined;
  /** Entries read at once. */
  page?: number | undefined;
};

/** Their digests take 10 ms, for which nothing else runs. */
const PAGE = 2000;

/**
 * Computes the root over the ids of a closed draw and stores the signed statement. LATE: the beacon's round is less than 10 minutes away, by the
 * clock of the database or of this process, and who can still choose the entries would know the outcome.
 */
export async function stateDraw(
  database: Database,
  claim: DrawClaim,
  draw: Draw,
  { drawKey, chain, wallClock = Date.now, page = PAGE }: StateDrawOptions,
): Promise<'STATED' | 'LATE'> {
  const { sid, attempt, drawId } = draw;
  const stateBefore =
    draw.beaconRound === null ? null : new Date(roundTimeMs(chain, draw.beaconRound) - STATED_BEFORE_MS);
  const isLate = () => stateBefore !== null && wallClock() > stateBefore.getTime();
  if (isLate()) return 'LATE';
  if (stateBefore && (await database.session((session) => isAfter(session, stateBefore)))) return 'LATE';
  await renewEntryIds(database, claim, draw, page);
  const { root, entryCount } = await computeRoot(database, claim, draw, page);
  const seed = await database.session((session) => readSeed(session, draw));
  const statement = signStatement(drawKey, { drawId, entryCount, root, seed });
  if (isLate()) return 'LATE';
  const stated = [entryCount, Buffer.from(root), Buffer.from(statement)];
  return database.transaction(async (transaction) => {
    const changed = await transaction.change(
      `UPDATE draw SET state = 'stated', entry_count = ?, root = ?, statement = ?, stated_at = NOW(3)
       WHERE sid = ? AND attempt = ? AND state = 'closed' AND claimed_until = ? AND (? IS NULL OR NOW(3) <= ?)`,
      [...stated, sid, attempt, claim.claimedUntil(), stateBefore, stateBefore],
    );
    if (changed !== 1) return transaction.rollBack('LATE');
    await insertDrawEvent(transaction, draw, 'stated');
    return 'STATED';
  });
}

async function isAfter(session: Session, time: Date): Promise<boolean> {
  const [row] = await session.rows<{ isAfter: number }>('SELECT NOW(3) > ? AS isAfter', [time]);
  return row?.isAfter === 1;
}

async function computeRoot(database: Database, claim: DrawClaim, { sid, attempt }: Draw, limit: number) {
  const tree = createMerkleTree();
  await readAllIds(database, claim, { sid, attempt, entryCount: null, limit }, (ids) => {
    for (const id of ids) tree.add(id);
  });
  return { root: tree.root(), entryCount: tree.leaves() };
}

async function readSeed(session: Session, { sid, attempt }: Draw): Promise<Buffer> {
  const sql = 'SELECT seed FROM draw WHERE sid = ? AND attempt = ?';
  const [row] = await session.rows<{ seed: Buffer }>(sql, [sid, attempt]);
  if (!row) throw new Error(`no draw ${sid}/${attempt}`);
  return row.seed;
}
