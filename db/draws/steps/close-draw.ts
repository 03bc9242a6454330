import type { Session } from '../../mysql/database.ts';
import type { DrawKey } from './claim-draw.ts';

/** Ends the taking of entries. Waits for the transactions that take some: they have locked the row. False: it is too early, or closed already. */
export async function closeDraw(session: Session, { sid, attempt }: DrawKey): Promise<boolean> {
  const changed = await session.change(
    `UPDATE draw SET state = 'closed' WHERE sid = ? AND attempt = ? AND state = 'taking' AND entries_close_at <= NOW(3)`,
    [sid, attempt],
  );
  return changed === 1;
}
