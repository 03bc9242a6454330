import { randomInt } from 'node:crypto';
import { changeOnce } from '../../../db/mysql/change-once.ts';
import type { Database } from '../../../db/mysql/database.ts';
import type { RecordChange } from '../../../db/stocks/admin-action-table.ts';
import { listStocks, readDetailedStocks, type Stock, type StockInsertion } from '../../../db/stocks/stock-table.ts';
import type { GetStockRequest } from '../../../proto/gen/flashsale/v1/GetStockRequest.ts';
import type { StockServiceHandlers } from '../../../proto/gen/flashsale/v1/StockService.ts';
import type { Fresh } from '../../../proto/process/fresh-cache.ts';
import { answerItems } from '../answer-items.ts';
import { checkIdempotency } from '../check-idempotency.ts';
import { checkKind, checkRange, checkStates, checkStockId } from '../check-request.ts';
import { checkStockToCreate, type StockToCreate } from '../check-stock-to-create.ts';
import { CallError, InvalidFieldError } from '../describe-fault.ts';
import { recordChange } from '../record-change.ts';
import { createActionCalls } from './action-calls.ts';
import { createAdminCalls } from './admin-calls.ts';
import { createAuditCalls } from './audit-calls.ts';
import { createBulkCalls } from './bulk-calls.ts';
import { describeNewStock } from './describe-new-stock.ts';
import { type InsertOptions, insertNewStock } from './insert-new-stock.ts';
import type { StockServiceOptions } from './stock-service-options.ts';
import { createSummaryCalls } from './summary-calls.ts';
import { toStockMessage } from './to-stock-message.ts';

export function createStockService(options: StockServiceOptions): StockServiceHandlers {
  const { name, database, counters, readStock, onStockChanged, answer, warn, limitList } = options;
  const { uniqueStockReferences, maxPerOrder, draws } = options;
  const insertOptions = { isUniqueReference: uniqueStockReferences, drawKey: draws.drawKey, beacon: draws.beacon };

  async function read(sid: number): Promise<Fresh<Stock>> {
    const { value, ...age } = await readStock(checkStockId('sid', sid));
    if (!value) throw new CallError('STOCK_NOT_FOUND', `stock ${sid} does not exist`);
    return { value, ...age };
  }

  const getStock = async ({ sid }: GetStockRequest) => toStockMessage(await read(sid), draws.isOn);

  return {
    ...createAuditCalls(options),
    ...createActionCalls(options),
    ...createAdminCalls(options),
    ...createSummaryCalls(options),
    ...createBulkCalls(options),
    GetStock: answer(getStock),
    GetStocks: answer(async ({ items }) => ({ results: await answerItems(items, getStock, warn) })),

    GetCurrentCount: answer(async ({ sid }) => {
      const { value } = await read(sid);
      return { left: value.count - value.sale, servedBy: name };
    }),

    ListStocks: answer(async ({ kind, states, afterSid, pageSize, newestFirst, withHidden, hidden }) => {
      checkRange('after_sid', afterSid, 0, Number.MAX_SAFE_INTEGER);
      const limit = checkRange('page_size', pageSize, 0, 1000) || 100;
      const page = {
        kind: checkKind(kind),
        states: checkStates(states),
        afterSid,
        newestFirst,
        withHidden,
        hidden,
        limit,
      };
      const stocks = await limitList(() => database.session((session) => listStocks(session, page)));
      return { stocks: stocks.map((value) => toStockMessage({ value, freshForMs: 0, heldMs: 0 }, draws.isOn)) };
    }),

    CreateStock: answer(async (request) => {
      const newStock = checkStockToCreate(request, maxPerOrder, draws);
      const record = recordChange(request.actor, 'createStock', describeNewStock(newStock));
      const idempotency = checkIdempotency(request.idempotency);
      const stock = await changeOnce(database, idempotency, (once) => create(once, newStock, insertOptions, record));
      if (stock === 'ID_TAKEN') throw new CallError('STOCK_EXISTS', `stock ${newStock.sid} exists`);
      if (stock === 'REFERENCE_TAKEN') throw new InvalidFieldError('reference', 'is the reference of another stock');
      // A cache may still contain that there is no such stock.
      onStockChanged(stock);
      if (request.ladderLimit > 0) {
        await counters.setLimit(stock.sid, request.ladderLimit).catch(() => {
          throw new CallError(
            'LIMIT_NOT_STORED',
            `stock ${stock.sid} was created, but ladder_limit could not be stored`,
          );
        });
      }
      return toStockMessage({ value: stock, freshForMs: 0, heldMs: 0 }, draws.isOn);
    }),
  };
}

type Creation = Stock | Exclude<StockInsertion, 'INSERTED'>;

/** A generated id increases with time and is unique over shards. */
async function create(
  database: Database,
  newStock: StockToCreate,
  options: InsertOptions,
  record: RecordChange,
): Promise<Creation> {
  const sid = newStock.sid > 0 ? newStock.sid : Date.now() * 1000 + randomInt(1000);
  const creation = await database.transaction<Creation>(async (transaction) => {
    const insertion = await insertNewStock(transaction, { ...newStock, sid }, options);
    if (insertion !== 'INSERTED') return transaction.rollBack(insertion);
    await record(transaction, String(sid));
    const [inserted] = await readDetailedStocks(transaction, [sid]);
    return inserted ?? transaction.rollBack('ID_TAKEN');
  });
  const isTakenByChance = creation === 'ID_TAKEN' && newStock.sid === 0;
  return isTakenByChance ? create(database, newStock, options, record) : creation;
}
