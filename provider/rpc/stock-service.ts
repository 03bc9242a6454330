import { randomInt } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import type { Logger } from 'pino';
import type { Database } from '../../db/mysql/database.ts';
import type { RecordChange } from '../../db/stocks/admin-action-table.ts';
import type { LadderCounters } from '../../db/stocks/ladder-counters.ts';
import { insertStock, listStocks, type NewStock, readStocks, type Stock } from '../../db/stocks/stock-table.ts';
import type { StockServiceHandlers } from '../../proto/gen/flashsale/v1/StockService.ts';
import type { Fresh } from '../../proto/process/fresh-cache.ts';
import { actionCalls } from './action-calls.ts';
import { adminCalls, toStockMessage } from './admin-calls.ts';
import type { answerCall } from './answer-call.ts';
import { auditCalls } from './audit-calls.ts';
import { checkKind, checkNewStock, checkRange, checkStates, checkStockId } from './check-request.ts';
import { CallError } from './describe-fault.ts';
import { recordChange } from './record-change.ts';

export type StockServiceOptions = {
  name: string;
  logger: Logger;
  /** Aborted when this process ends: what runs beside the calls ends with it. */
  closing: AbortSignal;
  database: Database;
  counters: LadderCounters;
  readStock(sid: number): Fresh<Stock | null> | Promise<Fresh<Stock | null>>;
  /** Called after a COMMIT that changed a stock by hand. */
  onStockChanged(stock: Stock): void;
  /** Runs a list when there is a place among the few connections that lists may have. */
  limitList: <T>(work: () => Promise<T>) => Promise<T>;
  answer: <Request, Reply>(work: (request: Request) => Promise<Reply>) => ReturnType<typeof answerCall<Request, Reply>>;
};

export function stockService(parts: StockServiceOptions): StockServiceHandlers {
  const { name, database, counters, answer, limitList } = parts;

  async function read(sid: number): Promise<Fresh<Stock>> {
    const { value, ...age } = await parts.readStock(checkStockId('sid', sid));
    if (!value) throw new CallError(status.NOT_FOUND, `there is no stock ${sid}`);
    return { value, ...age };
  }

  return {
    ...auditCalls(parts),
    ...actionCalls(parts),
    ...adminCalls(parts),
    GetStock: answer(async ({ sid }) => {
      return toStockMessage(await read(sid));
    }),

    GetCurrentCount: answer(async ({ sid }) => {
      const { value } = await read(sid);
      return { left: value.count - value.sale, servedBy: name };
    }),

    ListStocks: answer(async ({ kind, states, afterSid, pageSize, newestFirst, withHidden }) => {
      checkRange('after_sid', afterSid, 0, Number.MAX_SAFE_INTEGER);
      const limit = checkRange('page_size', pageSize, 0, 1000) || 100;
      const page = { kind: checkKind(kind), states: checkStates(states), afterSid, newestFirst, withHidden, limit };
      const stocks = await limitList(() => database.session((session) => listStocks(session, page)));
      return { stocks: stocks.map((value) => toStockMessage({ value, freshForMs: 0, heldMs: 0 })) };
    }),

    CreateStock: answer(async (request) => {
      const wanted = checkNewStock(request);
      const stock = await create(database, wanted, recordChange(request.actor, 'createStock', made(wanted)));
      if (!stock) throw new CallError(status.ALREADY_EXISTS, `there is a stock ${wanted.sid} already`);
      // Somebody may have asked for this id before, and be told for a second that there is none.
      parts.onStockChanged(stock);
      if (request.ladderLimit > 0) {
        await counters.setLimit(stock.sid, request.ladderLimit).catch(() => {
          throw new CallError(
            status.UNAVAILABLE,
            `stock ${stock.sid} was made, but Redis did not take its ladder_limit`,
          );
        });
      }
      return toStockMessage({ value: stock, freshForMs: 0, heldMs: 0 });
    }),
  };
}

/** Null: the id that was asked for is taken. An id made here grows with time and is unique over shards. */
async function create(database: Database, wanted: NewStock, record: RecordChange): Promise<Stock | null> {
  const sid = wanted.sid > 0 ? wanted.sid : Date.now() * 1000 + randomInt(1000);
  const stock = await database.transaction<Stock | null>(async (transaction) => {
    if (!(await insertStock(transaction, { ...wanted, sid }))) return transaction.rollBack(null);
    await record(transaction, String(sid));
    const [inserted] = await readStocks(transaction, [sid]);
    return inserted ?? transaction.rollBack(null);
  });
  if (stock) return stock;
  return wanted.sid > 0 ? null : create(database, wanted, record);
}

/** What the log of actions says of a new stock. */
function made({ sid: _, paused: __, opensAtMs, closesAtMs, ...fields }: NewStock): object {
  return { ...fields, ...(opensAtMs !== null && { opensAtMs }), ...(closesAtMs !== null && { closesAtMs }) };
}
