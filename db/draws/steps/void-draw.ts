import { parseRules } from '../../../proto/draws/draw-rules.ts';
import type { Database } from '../../mysql/database.ts';
import { createDraw } from '../create-draw.ts';
import type { Draw } from '../draw-table.ts';
import type { BeaconChain } from '../plan-round.ts';
import { ClaimLostError, type DrawClaim } from './claim-draw.ts';

export type VoidDrawOptions = {
  drawKey: string;
  chain: BeaconChain;
  /** Published with the attempt. */
  reason: string;
  /** This process's clock. Default: Date.now. */
  wallClock?: (() => number) | undefined;
};

/**
 * Ends a closed attempt without a statement, and begins the next one, which has a new seed and a later round. It keeps all entries: they get its
 * ids before it is stated.
 */
export async function voidDraw(
  database: Database,
  claim: DrawClaim,
  draw: Draw,
  { drawKey, chain, reason, wallClock = Date.now }: VoidDrawOptions,
): Promise<void> {
  const { sid, attempt } = draw;
  await database.transaction(async (transaction) => {
    const changed = await transaction.change(
      `UPDATE draw SET state = 'void', void_reason = ? WHERE sid = ? AND attempt = ? AND state = 'closed' AND claimed_until = ?`,
      [reason, sid, attempt, claim.claimedUntil()],
    );
    if (changed !== 1) throw new ClaimLostError(`draw ${sid}/${attempt} is not this worker's`);
    const [clock] = await transaction.rows<{ now: Date; voids: number }>(
      `SELECT NOW(3) AS now, COUNT(*) AS voids FROM draw
       WHERE sid = ? AND attempt > (SELECT COALESCE(MAX(attempt), 0) FROM draw WHERE sid = ? AND state <> 'void')`,
      [sid, sid],
    );
    if (!clock) throw new Error('the database has no clock');
    await createDraw(transaction, {
      sid,
      attempt: attempt + 1,
      count: parseRules(draw.rules).count,
      entriesOpenAtMs: draw.entriesOpenAtMs,
      entriesCloseAtMs: clock.now.getTime(),
      voids: Number(clock.voids),
      roundAfterMs: Math.max(clock.now.getTime(), wallClock()),
      beacon: draw.beaconRound === null ? null : chain,
      drawKey,
      state: 'closed',
    });
  });
}
