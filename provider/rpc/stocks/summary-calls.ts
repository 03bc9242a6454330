import { type StockSummary, summarizeStock } from '../../../db/orders/lists/summarize-stock.ts';
import type { StockServiceHandlers } from '../../../proto/gen/flashsale/v1/StockService.ts';
import type { StockSummaryInput } from '../../../proto/gen/flashsale/v1/StockSummary.ts';
import { realClock } from '../../../proto/process/clock.ts';
import { createFreshCache } from '../../../proto/process/fresh-cache.ts';
import { checkStockId } from '../check-request.ts';
import { CallError } from '../describe-fault.ts';
import type { StockServiceOptions } from './stock-service-options.ts';

const FRESH_MS = 1000;
/** A sale with many orders takes longer to read: a provider spends at most a tenth of its time on it. */
const SHARE_OF_TIME = 10;
const MAX_IN_MEMORY = 100;

/** The rpc that sums up a sale. It uses the connections for lists, and the calls for one stock share a read. */
export function createSummaryCalls(
  options: Pick<StockServiceOptions, 'database' | 'answer' | 'limitList'>,
): Pick<StockServiceHandlers, 'SummarizeStock'> {
  const { database, answer, limitList } = options;
  const summaries = createFreshCache(realClock, MAX_IN_MEMORY, async (sid: number) => {
    const startedMs = realClock.nowMs();
    const value = await limitList(() => database.session((session) => summarizeStock(session, sid)));
    return { value, freshForMs: Math.max(FRESH_MS, SHARE_OF_TIME * (realClock.nowMs() - startedMs)), heldMs: 0 };
  });
  return {
    SummarizeStock: answer(async (request) => {
      const sid = checkStockId('sid', request.sid);
      const { value } = await summaries.read(sid);
      if (!value) throw new CallError('STOCK_NOT_FOUND', `stock ${sid} does not exist`);
      return toMessage(value);
    }),
  };
}

function toMessage({ opensAtMs, firstOrderAtMs, soldOutAtMs, ...rest }: StockSummary): StockSummaryInput {
  return {
    ...rest,
    ...(opensAtMs !== null && { opensAtMs }),
    ...(firstOrderAtMs !== null && { firstOrderAtMs }),
    ...(soldOutAtMs !== null && { soldOutAtMs }),
  };
}
