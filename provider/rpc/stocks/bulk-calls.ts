import { randomInt } from 'node:crypto';
import { changeOnce } from '../../../db/mysql/change-once.ts';
import type { Database } from '../../../db/mysql/database.ts';
import type { RecordChange } from '../../../db/stocks/admin-action-table.ts';
import { readDetailedStocks, type Stock } from '../../../db/stocks/stock-table.ts';
import type { CreateStockRequest } from '../../../proto/gen/flashsale/v1/CreateStockRequest.ts';
import type { RowFaultInput } from '../../../proto/gen/flashsale/v1/RowFault.ts';
import type { StockServiceHandlers } from '../../../proto/gen/flashsale/v1/StockService.ts';
import { checkIdempotency } from '../check-idempotency.ts';
import { checkStockToCreate, type StockToCreate } from '../check-stock-to-create.ts';
import { InvalidFieldError } from '../describe-fault.ts';
import type { DrawOptions } from '../draw-options.ts';
import { recordChange } from '../record-change.ts';
import { describeNewStock } from './describe-new-stock.ts';
import { type InsertOptions, insertNewStock } from './insert-new-stock.ts';
import type { StockServiceOptions } from './stock-service-options.ts';
import { toStockMessage } from './to-stock-message.ts';

/** Two statements each, within the deadline of a call. */
const MAX_ITEMS = 200;
const TRIES = 3;

type Row = { stock: StockToCreate; record: RecordChange };
type BulkCreation = { outcome: 'CREATED'; stocks: Stock[] } | { outcome: 'REFUSED'; fault: RowFaultInput };

/** The rpc that creates many stocks in one transaction. */
export function createBulkCalls(options: StockServiceOptions): Pick<StockServiceHandlers, 'CreateStocks'> {
  const { database, answer, onStockChanged, uniqueStockReferences, maxPerOrder, draws } = options;
  const insertOptions = { isUniqueReference: uniqueStockReferences, drawKey: draws.drawKey, beacon: draws.beacon };
  return {
    CreateStocks: answer(async ({ items, actor, idempotency }) => {
      if (items.length < 1 || items.length > MAX_ITEMS) {
        throw new InvalidFieldError('items', `must have 1 to ${MAX_ITEMS} items, has ${items.length}`);
      }
      const { stocks, faults } = checkRows(items, maxPerOrder, draws);
      if (faults.length > 0) return { faults };
      const rows = stocks.map((stock) => ({
        stock,
        record: recordChange(actor, 'createStock', describeNewStock(stock)),
      }));
      const creation = await changeOnce(database, checkIdempotency(idempotency), (once) =>
        createAll(once, rows, insertOptions),
      );
      if (creation.outcome === 'REFUSED') return { faults: [creation.fault] };
      for (const stock of creation.stocks) onStockChanged(stock);
      return {
        stocks: creation.stocks.map((value) => toStockMessage({ value, freshForMs: 0, heldMs: 0 }, draws.isOn)),
      };
    }),
  };
}

function checkRows(
  items: CreateStockRequest[],
  maxPerOrder: number,
  draws: DrawOptions,
): { stocks: StockToCreate[]; faults: RowFaultInput[] } {
  const faults: RowFaultInput[] = [];
  const stocks = items.flatMap((item, row) => {
    try {
      const stock = checkStockToCreate(item, maxPerOrder, draws);
      if (stock.kind !== 'sale') throw new InvalidFieldError('kind', 'must be sale');
      return [stock];
    } catch (error) {
      if (!(error instanceof InvalidFieldError)) throw error;
      faults.push({ row, field: error.field, description: error.message.slice(`${error.field}: `.length) });
      return [];
    }
  });
  return { stocks, faults };
}

/** Generated ids increase in the order of the rows. */
async function createAll(database: Database, rows: Row[], options: InsertOptions, tries = 1): Promise<BulkCreation> {
  const firstSid = Date.now() * 1000 + randomInt(1000);
  const sids = rows.map(({ stock }, i) => (stock.sid > 0 ? stock.sid : firstSid + i));
  let isTakenByChance = false;
  const creation = await database.transaction<BulkCreation>(async (transaction) => {
    for (const [row, { stock, record }] of rows.entries()) {
      const sid = sids[row] ?? 0;
      const insertion = await insertNewStock(transaction, { ...stock, sid }, options);
      isTakenByChance = insertion === 'ID_TAKEN' && stock.sid === 0;
      if (insertion !== 'INSERTED') return transaction.rollBack({ outcome: 'REFUSED', fault: faultOf(row, insertion) });
      await record(transaction, String(sid));
    }
    const inserted = new Map((await readDetailedStocks(transaction, sids)).map((stock) => [stock.sid, stock]));
    return { outcome: 'CREATED', stocks: sids.map((sid) => inserted.get(sid) as Stock) };
  });
  return isTakenByChance && tries < TRIES ? createAll(database, rows, options, tries + 1) : creation;
}

function faultOf(row: number, insertion: 'ID_TAKEN' | 'REFERENCE_TAKEN'): RowFaultInput {
  return insertion === 'ID_TAKEN'
    ? { row, field: 'sid', description: 'is the id of another stock' }
    : { row, field: 'reference', description: 'is the reference of another stock' };
}
