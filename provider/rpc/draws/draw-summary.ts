import type { Draw } from '../../../db/draws/draw-table.ts';
import { type EntryCounts, summarizeEntries } from '../../../db/draws/entry-table.ts';
import { readStocks, type Stock } from '../../../db/stocks/stock-table.ts';
import type { DrawSummaryInput } from '../../../proto/gen/flashsale/v1/DrawSummary.ts';
import type { GetDrawRequest } from '../../../proto/gen/flashsale/v1/GetDrawRequest.ts';
import { realClock } from '../../../proto/process/clock.ts';
import { createFreshCache, type Fresh, freshByCost } from '../../../proto/process/fresh-cache.ts';
import type { ServiceOptions } from '../service-options.ts';
import { toDrawMessage } from './to-draw-message.ts';

const MAX_IN_MEMORY = 100;

export type DrawSummaryOptions = Pick<ServiceOptions, 'database' | 'limitList'> & {
  readDraw(sid: number): Promise<Fresh<[...Draw[], Draw]>>;
  offerWithinMs: number;
};

/** Counts the entries of a draw. The calls for one stock share a read. */
export function createDrawSummary({ database, limitList, readDraw, offerWithinMs }: DrawSummaryOptions) {
  const counts = createFreshCache(realClock, MAX_IN_MEMORY, (sid: number) =>
    freshByCost(realClock, () => limitList(() => database.session((session) => count(sid, session)))),
  );
  return async ({ sid }: GetDrawRequest): Promise<DrawSummaryInput> => {
    const { value: attempts } = await readDraw(sid);
    const { entries, stock } = (await counts.read(sid)).value;
    const reachesAtMost = stock && reachOf(stock, attempts.at(-1) as Draw, offerWithinMs);
    return {
      draw: toDrawMessage(attempts, 0),
      ...entries,
      ...(reachesAtMost !== null && reachesAtMost !== undefined && { reachesAtMost }),
    };
  };
}

type Counted = { entries: EntryCounts; stock: Stock | undefined };

async function count(sid: number, session: Parameters<typeof readStocks>[0]): Promise<Counted> {
  const entries = await summarizeEntries(session, sid);
  const [stock] = await readStocks(session, [sid]);
  return { entries, stock };
}

/** Null: the sale does not close, so the line goes on. */
function reachOf({ count, opensAtMs, closesAtMs }: Stock, draw: Draw, offerWithinMs: number): number | null {
  if (closesAtMs === null) return null;
  const openMs = closesAtMs - Math.max(opensAtMs ?? 0, draw.entriesCloseAtMs);
  return count * Math.max(1, Math.ceil(openMs / offerWithinMs));
}
