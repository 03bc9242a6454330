import type { Session } from '../../../db/mysql/database.ts';
import {
  createTimeline,
  readSaleHistory,
  type SaleBucket,
  type Timeline,
} from '../../../db/orders/lists/read-sale-history.ts';
import { type StockSummary, summarizeStock } from '../../../db/orders/lists/summarize-stock.ts';
import type { SaleBucketInput } from '../../../proto/gen/flashsale/v1/SaleBucket.ts';
import type { StockServiceHandlers } from '../../../proto/gen/flashsale/v1/StockService.ts';
import type { StockSummaryInput } from '../../../proto/gen/flashsale/v1/StockSummary.ts';
import { realClock } from '../../../proto/process/clock.ts';
import { createFreshCache, freshByCost } from '../../../proto/process/fresh-cache.ts';
import { checkStockId, checkTime } from '../check-request.ts';
import { CallError, InvalidFieldError } from '../describe-fault.ts';
import type { StockServiceOptions } from './stock-service-options.ts';

const MAX_IN_MEMORY = 100;
/** Of a sale that no worker has stored yet. A call whose deadline passes first finds the figures in the cache when it is repeated. */
const STATEMENT_MS = 20_000;

/** The rpcs that sum up a sale and its history. They use the connections for lists, and calls for the same figures share a read. */
export function createSummaryCalls(
  options: Pick<StockServiceOptions, 'database' | 'answer' | 'limitList'>,
): Pick<StockServiceHandlers, 'SummarizeStock' | 'ReadSaleHistory'> {
  const { database, answer, limitList } = options;
  const patient = database.withStatementMs(STATEMENT_MS);

  /** Reads on a connection for lists, all of one moment. */
  const readFresh = <V>(read: (session: Session) => Promise<V>) =>
    freshByCost(realClock, () => limitList(() => patient.session((session) => readSnapshot(session, read))));
  const summaries = createFreshCache(realClock, MAX_IN_MEMORY, (sid: number) =>
    readFresh((session) => summarizeStock(session, sid)),
  );
  /** By stock id, begin and end; an empty one is that of the whole sale. */
  const histories = createFreshCache(realClock, MAX_IN_MEMORY, async (key: string) => {
    const [sid = '', from = '', until = ''] = key.split(' ');
    const whole = wholeSale(await summaryOf(Number(sid)));
    const fromMs = from === '' ? whole.fromMs : Number(from);
    const untilMs = until === '' ? whole.untilMs : Number(until);
    if (fromMs >= untilMs) throw new InvalidFieldError('until_ms', 'must be after from_ms');
    const timeline = createTimeline(fromMs, untilMs);
    return readFresh(async (session) => ({
      ...timeline,
      buckets: await readSaleHistory(session, Number(sid), timeline),
    }));
  });

  async function summaryOf(sid: number): Promise<StockSummary> {
    const { value } = await summaries.read(sid);
    if (!value) throw new CallError('STOCK_NOT_FOUND', `stock ${sid} does not exist`);
    return value;
  }

  return {
    SummarizeStock: answer(async (request) => toMessage(await summaryOf(checkStockId('sid', request.sid)))),

    ReadSaleHistory: answer(async (request) => {
      const sid = checkStockId('sid', request.sid);
      const from = wholeSecond('from_ms', request.fromMs);
      const until = wholeSecond('until_ms', request.untilMs);
      const { value: history } = await histories.read(`${sid} ${from} ${until}`);
      const { opensAtMs, firstOrderAtMs, soldOutAtMs, currency } = await summaryOf(sid);
      return {
        ...history,
        buckets: history.buckets.map(toBucketMessage),
        currency,
        ...(opensAtMs !== null && { opensAtMs }),
        ...(firstOrderAtMs !== null && { firstOrderAtMs }),
        ...(soldOutAtMs !== null && { soldOutAtMs }),
      };
    }),
  };
}

async function readSnapshot<V>(session: Session, read: (session: Session) => Promise<V>): Promise<V> {
  await session.change('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
  await session.change('START TRANSACTION WITH CONSISTENT SNAPSHOT');
  const value = await read(session);
  await session.change('COMMIT');
  return value;
}

function toMessage({
  opensAtMs,
  firstOrderAtMs,
  lastOrderAtMs,
  soldOutAtMs,
  ...rest
}: StockSummary): StockSummaryInput {
  return {
    ...rest,
    ...(opensAtMs !== null && { opensAtMs }),
    ...(firstOrderAtMs !== null && { firstOrderAtMs }),
    ...(lastOrderAtMs !== null && { lastOrderAtMs }),
    ...(soldOutAtMs !== null && { soldOutAtMs }),
  };
}

/** Opening times from which no order was decided for a longer time are not part of the time line. */
const MAX_BEFORE_FIRST_MS = 3_600_000;

/** From the opening, or the first order, to behind the last decision or payment. A sale without orders: one second at its opening. */
function wholeSale({ opensAtMs, firstOrderAtMs, lastOrderAtMs }: StockSummary): Pick<Timeline, 'fromMs' | 'untilMs'> {
  const firstMs = firstOrderAtMs ?? opensAtMs ?? 0;
  const isNear = opensAtMs !== null && opensAtMs < firstMs && firstMs - opensAtMs <= MAX_BEFORE_FIRST_MS;
  return { fromMs: isNear ? opensAtMs : firstMs, untilMs: (lastOrderAtMs ?? firstMs) + 1 };
}

/** The begin of its second, so that calls for nearly the same part share a read. Empty: not set. */
function wholeSecond(field: string, timeMs: number | undefined): string {
  const ms = checkTime(field, timeMs);
  return ms === null ? '' : String(Math.floor(ms / 1000) * 1000);
}

function toBucketMessage({ toLogMs, toDecisionMs, slowestMs, ...counts }: SaleBucket): SaleBucketInput {
  return {
    ...counts,
    ...(toLogMs !== null && { toLogMs }),
    ...(toDecisionMs !== null && { toDecisionMs }),
    ...(slowestMs !== null && { slowestMs }),
  };
}
