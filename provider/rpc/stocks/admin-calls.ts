import { changeOnce } from '../../../db/mysql/change-once.ts';
import { removeStock } from '../../../db/stocks/remove-stock.ts';
import { type StockChange, updateStock } from '../../../db/stocks/update-stock.ts';
import type { RemoveStockReply } from '../../../proto/gen/flashsale/v1/RemoveStockReply.ts';
import type { RemoveStockRequest } from '../../../proto/gen/flashsale/v1/RemoveStockRequest.ts';
import type { StockInput } from '../../../proto/gen/flashsale/v1/Stock.ts';
import type { StockServiceHandlers } from '../../../proto/gen/flashsale/v1/StockService.ts';
import type { UpdateStockRequest } from '../../../proto/gen/flashsale/v1/UpdateStockRequest.ts';
import { checkIdempotency } from '../check-idempotency.ts';
import {
  checkMaxPerOrder,
  checkName,
  checkRange,
  checkStockId,
  checkTime,
  MAX_PRICE_CENTS,
  MAX_UNITS,
} from '../check-request.ts';
import { checkDetails, comparedBelowPrice } from '../check-stock-details.ts';
import { CallError, InvalidFieldError } from '../describe-fault.ts';
import { recordChange } from '../record-change.ts';
import type { StockServiceOptions } from './stock-service-options.ts';
import { toStockMessage } from './to-stock-message.ts';

export type AdminOptions = Pick<
  StockServiceOptions,
  'database' | 'answer' | 'onStockChanged' | 'uniqueStockReferences' | 'maxPerOrder' | 'draws'
>;

/** The rpcs by which an administrator changes a stock. */
export function createAdminCalls(options: AdminOptions) {
  const { database, answer, onStockChanged, uniqueStockReferences, maxPerOrder, draws } = options;
  return {
    UpdateStock: answer(async (request: UpdateStockRequest): Promise<StockInput> => {
      const sid = checkStockId('sid', request.sid);
      const change = checkChange(request, maxPerOrder);
      const record = recordChange(request.actor, 'updateStock', describeChange(change));
      const expectedVersion = checkVersion(request.expectedVersion);
      const options = {
        sid,
        change,
        expectedVersion,
        maxUnits: MAX_UNITS,
        isUniqueReference: uniqueStockReferences,
        record,
      };
      const idempotency = checkIdempotency(request.idempotency);
      const update = await changeOnce(database, idempotency, (once) => updateStock(once, options));
      switch (update.outcome) {
        case 'UPDATED':
          onStockChanged(update.stock);
          return toStockMessage({ value: update.stock, freshForMs: 0, heldMs: 0 }, draws.isOn);
        case 'NO_STOCK':
          throw new CallError('STOCK_NOT_FOUND', `stock ${sid} does not exist`);
        case 'OTHER_VERSION':
          throw new CallError('VERSION_DIFFERS', `stock ${sid} has version ${update.version}`, {
            version: String(update.version),
          });
        case 'UNITS_SOLD':
          throw new CallError('UNITS_SOLD', `only ${update.left} units can be removed`, { left: String(update.left) });
        case 'TOO_MANY_UNITS':
          throw new InvalidFieldError('add_units', `must not lead to more than ${MAX_UNITS} units`);
        case 'REFERENCE_TAKEN':
          throw new InvalidFieldError('reference', 'is the reference of another stock');
        case 'COMPARED_BELOW_PRICE':
          throw comparedBelowPrice();
        case 'CLOSES_BEFORE_OPENING':
          throw new InvalidFieldError('closes_at_ms', 'must be after opens_at_ms');
        case 'CLOSES_LONG_AGO':
          throw new InvalidFieldError('closes_at_ms', 'must not be days ago; use the current time');
        case 'SALE_STARTED':
          throw new CallError('SALE_STARTED', 'max_per_order cannot change: the sale has opened or has orders');
        case 'OPENS_BEFORE_DRAW':
          throw new InvalidFieldError('opens_at_ms', 'must not be before the places are drawn');
        case 'ONE_PER_ENTRY':
          throw new InvalidFieldError('max_per_order', 'must be 1 with mode draw or line');
        case 'LONG_CLOSED':
          throw new InvalidFieldError('closes_at_ms', 'the sale ended too long ago to be reopened; create a new stock');
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
          throw new CallError('STOCK_NOT_FOUND', `stock ${sid} does not exist`);
        case 'HAS_ORDERS':
          throw new CallError('STOCK_HAS_ORDERS', `stock ${sid} has orders`);
        case 'HAS_ENTRIES':
          throw new CallError('STOCK_HAS_ORDERS', `buyers have entered the draw of stock ${sid}`);
        default:
          return removal satisfies never;
      }
    }),
  } satisfies Pick<StockServiceHandlers, 'UpdateStock' | 'RemoveStock'>;
}

function checkChange(request: UpdateStockRequest, mostPerOrder: number): StockChange {
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
  if (request.maxPerOrder !== undefined) change.maxPerOrder = checkMaxPerOrder(request.maxPerOrder, mostPerOrder);
  if (addUnits !== undefined) change.addUnits = checkRange('add_units', addUnits, -MAX_UNITS, MAX_UNITS);
  const details = checkDetails(request);
  if (Object.keys(details).length > 0) change.details = details;
  if (Object.keys(change).length === 0) throw new InvalidFieldError('name', 'no field to change is set');
  return change;
}

/** Null: any version. */
function checkVersion(version: number | undefined): number | null {
  return version === undefined ? null : checkRange('expected_version', version, 0, Number.MAX_SAFE_INTEGER);
}

/** For the log of actions. */
function describeChange({ details, ...fields }: StockChange): object {
  return { ...fields, ...details };
}

/** Null clears the time. */
function checkNewTime(name: string, timeMs: number | undefined, clear: boolean): number | null {
  if (!clear) return checkTime(`${name}_ms`, timeMs);
  if (timeMs !== undefined) throw new InvalidFieldError(`${name}_ms`, `cannot be combined with clear_${name}`);
  return null;
}
