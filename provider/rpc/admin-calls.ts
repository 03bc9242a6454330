import { status } from '@grpc/grpc-js';
import { removeStock } from '../../db/stocks/remove-stock.ts';
import { databaseNowMs } from '../../db/stocks/stock-cache.ts';
import type { Stock } from '../../db/stocks/stock-table.ts';
import { type StockChange, updateStock } from '../../db/stocks/update-stock.ts';
import type { RemoveStockReply } from '../../proto/gen/flashsale/v1/RemoveStockReply.ts';
import type { RemoveStockRequest } from '../../proto/gen/flashsale/v1/RemoveStockRequest.ts';
import type { StockInput } from '../../proto/gen/flashsale/v1/Stock.ts';
import type { StockServiceHandlers } from '../../proto/gen/flashsale/v1/StockService.ts';
import type { UpdateStockRequest } from '../../proto/gen/flashsale/v1/UpdateStockRequest.ts';
import type { Fresh } from '../../proto/process/fresh-cache.ts';
import { checkName, checkRange, checkStockId, checkTime, MAX_PRICE_CENTS, MAX_UNITS } from './check-request.ts';
import { CallError, InvalidFieldError } from './describe-fault.ts';
import { recordChange } from './record-change.ts';
import type { StockServiceOptions } from './stock-service.ts';

export type AdminOptions = Pick<StockServiceOptions, 'database' | 'answer' | 'onStockChanged'>;

/** Changes of a stock by people. */
export function adminCalls({ database, answer, onStockChanged }: AdminOptions) {
  return {
    UpdateStock: answer(async (request: UpdateStockRequest): Promise<StockInput> => {
      const sid = checkStockId('sid', request.sid);
      const change = checkChange(request);
      const record = recordChange(request.actor, 'updateStock', change);
      const update = await updateStock(database, sid, change, MAX_UNITS, record);
      switch (update.outcome) {
        case 'UPDATED':
          onStockChanged(update.stock);
          return toStockMessage({ value: update.stock, freshForMs: 0, heldMs: 0 });
        case 'NO_STOCK':
          throw new CallError(status.NOT_FOUND, `there is no stock ${sid}`);
        case 'UNITS_SOLD':
          throw new CallError(status.FAILED_PRECONDITION, `only ${update.left} units are left to take away`);
        case 'TOO_MANY_UNITS':
          throw new InvalidFieldError('add_units', `there would be more than ${MAX_UNITS} units`);
        case 'CLOSES_BEFORE_OPENING':
          throw new InvalidFieldError('closes_at_ms', 'is not after opens_at_ms');
        case 'CLOSES_LONG_AGO':
          throw new InvalidFieldError('closes_at_ms', 'is days ago; the earliest that makes sense is now');
        case 'LONG_CLOSED':
          throw new InvalidFieldError(
            'closes_at_ms',
            'the sale ended too long ago to be opened again; make a new stock',
          );
        default:
          return update satisfies never;
      }
    }),

    RemoveStock: answer(async (request: RemoveStockRequest): Promise<RemoveStockReply> => {
      const sid = checkStockId('sid', request.sid);
      const removal = await removeStock(database, sid, recordChange(request.actor, 'removeStock'));
      switch (removal.outcome) {
        case 'REMOVED':
          onStockChanged({ ...removal.stock, count: 0, version: removal.stock.version + 1 });
          return {};
        case 'NO_STOCK':
          throw new CallError(status.NOT_FOUND, `there is no stock ${sid}`);
        case 'HAS_ORDERS':
          throw new CallError(status.FAILED_PRECONDITION, `stock ${sid} has orders`);
        default:
          return removal satisfies never;
      }
    }),
  } satisfies Pick<StockServiceHandlers, 'UpdateStock' | 'RemoveStock'>;
}

/** A stock as the rpcs answer it. `readAtMs` is brought forward by the time that it was held here. */
export function toStockMessage({ value, freshForMs, heldMs }: Fresh<Stock>): StockInput {
  const { opensAtMs, closesAtMs, ...rest } = value;
  return {
    ...rest,
    readAtMs: databaseNowMs({ value, heldMs }),
    ...(opensAtMs !== null && { opensAtMs }),
    ...(closesAtMs !== null && { closesAtMs }),
    freshForMs: Math.max(0, Math.floor(freshForMs)),
  };
}

function checkChange(request: UpdateStockRequest): StockChange {
  const { name, priceCents, opensAtMs, closesAtMs, paused, hidden, addUnits, clearOpensAt, clearClosesAt } = request;
  const change: StockChange = {};
  if (name !== undefined) change.name = checkName('name', name);
  if (priceCents !== undefined) change.priceCents = checkRange('price_cents', priceCents, 0, MAX_PRICE_CENTS);
  if (opensAtMs !== undefined || clearOpensAt) change.opensAtMs = checkNewTime('opens_at', opensAtMs, clearOpensAt);
  if (closesAtMs !== undefined || clearClosesAt) {
    change.closesAtMs = checkNewTime('closes_at', closesAtMs, clearClosesAt);
  }
  if (paused !== undefined) change.paused = paused;
  if (hidden !== undefined) change.hidden = hidden;
  if (addUnits !== undefined) change.addUnits = checkRange('add_units', addUnits, -MAX_UNITS, MAX_UNITS);
  if (Object.keys(change).length === 0) throw new InvalidFieldError('name', 'and all other fields are missing');
  return change;
}

/** Null takes the time away. */
function checkNewTime(name: string, timeMs: number | undefined, clear: boolean): number | null {
  if (!clear) return checkTime(`${name}_ms`, timeMs);
  if (timeMs !== undefined) throw new InvalidFieldError(`${name}_ms`, `is set, and so is clear_${name}`);
  return null;
}
