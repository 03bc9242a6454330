import type { Database } from '../../mysql/database.ts';
import { type EntryIdPage, readEntryIds } from '../entry-table.ts';
import type { DrawClaim } from './claim-draw.ts';

/** Calls `use` with all ids of a draw, ascending, in pages. Keeps the claim. */
export async function readAllIds(
  database: Database,
  claim: DrawClaim,
  page: Omit<EntryIdPage, 'afterId'>,
  use: (ids: Uint8Array[]) => void,
): Promise<void> {
  const { sid, attempt, entryCount, limit } = page;
  let afterId: Uint8Array | null = null;
  do {
    await claim.keep();
    const from: Uint8Array | null = afterId;
    const ids: Uint8Array[] = await database.session((session) =>
      readEntryIds(session, { sid, attempt, entryCount, afterId: from, limit }),
    );
    use(ids);
    afterId = ids.length < limit ? null : (ids.at(-1) ?? null);
  } while (afterId);
}
