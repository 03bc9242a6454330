import { randomInt } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import type { Database } from '../../../db/mysql/database.ts';
import type { RecordChange } from '../../../db/stocks/admin-action-table.ts';
import { insertStock, listStocks, type NewStock, readStocks, type Stock } from '../../../db/stocks/stock-table.ts';
import type { GetStockRequest } from '../../../proto/gen/flashsale/v1/GetStockRequest.ts';
import type { StockServiceHandlers } from '../../../proto/gen/flashsale/v1/StockService.ts';
import type { Fresh } from '../../../proto/process/fresh-cache.ts';
import { answerItems } from '../answer-items.ts';
import { checkKind, checkNewStock, checkRange, checkStates, checkStockId } from '../check-request.ts';
import { CallError } from '../describe-fault.ts';
import { recordChange } from '../record-change.ts';
import { createActionCalls } from './action-calls.ts';
import { createAdminCalls } from './admin-calls.ts';
import { createAuditCalls } from './audit-calls.ts';
import type { StockServiceOptions } from './stock-service-options.ts';
import { toStockMessage } from './to-stock-message.ts';

export function createStockService(options: StockServiceOptions): StockServiceHandlers {
  const { name, database, counters, readStock, onStockChanged, answer, warn, limitList } = options;

  async function read(sid: number): Promise<Fresh<Stock>> {
    const { value, ...age } = await readStock(checkStockId('sid', sid));
    if (!value) throw new CallError(status.NOT_FOUND, `stock ${sid} does not exist`);
    return { value, ...age };
  }

  const getStock = async ({ sid }: GetStockRequest) => toStockMessage(await read(sid));

  return {
    ...createAuditCalls(options),
    ...createActionCalls(options),
    ...createAdminCalls(options),
    GetStock: answer(getStock),
    GetStocks: answer(async ({ items }) => ({ results: await answerItems(items, getStock, warn) })),

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
      const newStock = checkNewStock(request);
      const stock = await create(
        database,
        newStock,
        recordChange(request.actor, 'createStock', describeNewStock(newStock)),
      );
      if (!stock) throw new CallError(status.ALREADY_EXISTS, `stock ${newStock.sid} exists`);
      // A cache may still contain that there is no such stock.
      onStockChanged(stock);
      if (request.ladderLimit > 0) {
        await counters.setLimit(stock.sid, request.ladderLimit).catch(() => {
          throw new CallError(
            status.UNAVAILABLE,
            `stock ${stock.sid} was created, but ladder_limit could not be stored`,
          );
        });
      }
      return toStockMessage({ value: stock, freshForMs: 0, heldMs: 0 });
    }),
  };
}

/** Null: the requested id is in use. A generated id increases with time and is unique over shards. */
async function create(database: Database, newStock: NewStock, record: RecordChange): Promise<Stock | null> {
  const sid = newStock.sid > 0 ? newStock.sid : Date.now() * 1000 + randomInt(1000);
  const stock = await database.transaction<Stock | null>(async (transaction) => {
    if (!(await insertStock(transaction, { ...newStock, sid }))) return transaction.rollBack(null);
    await record(transaction, String(sid));
    const [inserted] = await readStocks(transaction, [sid]);
    return inserted ?? transaction.rollBack(null);
  });
  if (stock) return stock;
  return newStock.sid > 0 ? null : create(database, newStock, record);
}

/** The fields of a new stock for the log of actions. */
function describeNewStock({ sid: _, paused: __, opensAtMs, closesAtMs, ...fields }: NewStock): object {
  return { ...fields, ...(opensAtMs !== null && { opensAtMs }), ...(closesAtMs !== null && { closesAtMs }) };
}
