import type { Clock } from '../../../proto/process/clock.ts';
import type { Database, Session } from '../../mysql/database.ts';

export type DrawKey = { sid: number; attempt: number };

/** A draw that this worker may close, state and draw. Other workers leave it alone until the claim ends. */
export type DrawClaim = DrawKey & {
  /** The end, by the database's clock. A statement that ends a state compares it, so that a worker that lost its claim ends none. */
  claimedUntil(): Date;
  /** Called before each page. Renews the claim in good time; rejects with ClaimLostError, also when the worker stops. */
  keep(): Promise<void>;
};

export type ClaimOptions = {
  clock: Clock;
  shouldStop(): boolean;
  /** Default: 30. */
  claimSeconds?: number | undefined;
};

/** Longer than any page takes. After the death of a worker another one goes on. */
const CLAIM_SECONDS = 30;

/** The worker must not go on with the draw: its claim ended, or the process stops. */
export class ClaimLostError extends Error {
  override name = 'ClaimLostError';
}

/** Null: another worker has it. */
export async function claimDraw(database: Database, key: DrawKey, options: ClaimOptions): Promise<DrawClaim | null> {
  const { clock, shouldStop, claimSeconds = CLAIM_SECONDS } = options;
  const { sid, attempt } = key;
  let renewedAtMs = clock.nowMs();
  let until = await setClaim(database, key, claimSeconds, '(claimed_until IS NULL OR claimed_until <= NOW(3))', []);
  if (until === null) return null;
  return {
    sid,
    attempt,
    claimedUntil: () => until as Date,
    async keep() {
      if (shouldStop()) throw new ClaimLostError('the worker stops');
      const nowMs = clock.nowMs();
      if (nowMs - renewedAtMs < (claimSeconds * 1000) / 3) return;
      // Before the answer, so that pages at the same time renew it once.
      renewedAtMs = nowMs;
      const renewed = await setClaim(database, key, claimSeconds, 'claimed_until = ?', [until]);
      if (renewed === null) throw new ClaimLostError(`the claim of draw ${sid}/${attempt} has ended`);
      until = renewed;
    },
  };
}

async function setClaim(
  database: Database,
  { sid, attempt }: DrawKey,
  seconds: number,
  condition: string,
  values: unknown[],
): Promise<Date | null> {
  return database.transaction(async (transaction) => {
    const [now] = await transaction.rows<{ until: Date }>('SELECT NOW(3) + INTERVAL ? SECOND AS until', [seconds]);
    const changed = await transaction.change(
      `UPDATE draw SET claimed_until = ? WHERE sid = ? AND attempt = ? AND ${condition}`,
      [now?.until, sid, attempt, ...values],
    );
    return changed === 1 ? (now?.until as Date) : null;
  });
}

/** Ends the claim, if it is still this worker's. `pauseMs`: no worker takes the draw before that, because it would fail again. */
export async function releaseClaim(session: Session, claim: DrawClaim, pauseMs = 0): Promise<void> {
  await session.change(
    `UPDATE draw SET claimed_until = NOW(3) + INTERVAL ? MICROSECOND WHERE sid = ? AND attempt = ? AND claimed_until = ?`,
    [Math.ceil(pauseMs * 1000), claim.sid, claim.attempt, claim.claimedUntil()],
  );
}
