import type { Session } from '../../mysql/database.ts';
import type { DrawKey } from './claim-draw.ts';

/** Stores the verified beacon of a stated draw. It is the same for every worker, and the first one stays. */
export async function keepRandomness(
  session: Session,
  { sid, attempt }: DrawKey,
  { randomness, signature }: { randomness: Uint8Array; signature: Uint8Array },
): Promise<void> {
  await session.change(
    `UPDATE draw SET randomness = ?, beacon_signature = ? WHERE sid = ? AND attempt = ? AND state = 'stated' AND randomness IS NULL`,
    [Buffer.from(randomness), Buffer.from(signature), sid, attempt],
  );
}
