import { type NewStock, STOCK_STATES, type StockKind, type StockState } from '../../db/stocks/stock-table.ts';
import type { BuyerOfStock } from '../../proto/gen/flashsale/v1/BuyerOfStock.ts';
import type { CreateStockRequest } from '../../proto/gen/flashsale/v1/CreateStockRequest.ts';
import type { OrderRequest } from '../../proto/gen/flashsale/v1/OrderRequest.ts';
import type { PlaceOrdersRequest } from '../../proto/gen/flashsale/v1/PlaceOrdersRequest.ts';
import { isCurrency } from '../../proto/messages/is-currency.ts';
import { isMetadata, isReference, MAX_QUANTITY } from '../../proto/messages/order-details.ts';
import { isBuyer, isOrderNo, isStockId } from '../../proto/messages/order-record.ts';
import { checkNewDetails } from './check-stock-details.ts';
import { InvalidFieldError } from './describe-fault.ts';

// Validates requests. Each function throws an InvalidFieldError with the field.

const MAX_ITEMS = 1000;
export const MAX_UNITS = 100_000_000;
export const MAX_PRICE_CENTS = 1_000_000_000_000;
// The last millisecond of the year 9999, the maximum of DATETIME.
const MAX_TIME_MS = 253_402_300_799_999;

export function checkStockId(field: string, sid: number): number {
  if (!isStockId(sid)) throw new InvalidFieldError(field, `must be a stock id (1 to 2^53 - 1), is ${sid}`);
  return sid;
}

export function checkKind(kind: string): StockKind {
  if (kind === '') return 'sale';
  if (kind !== 'sale' && kind !== 'ladder') throw new InvalidFieldError('kind', `must be sale or ladder, is '${kind}'`);
  return kind;
}

export function checkStates(states: string[]): StockState[] {
  return states.map((state) => {
    const known = STOCK_STATES.find((name) => name === state);
    if (!known) throw new InvalidFieldError('states', `must be one of ${STOCK_STATES.join(', ')}, is '${state}'`);
    return known;
  });
}

export function checkRange(field: string, value: number, min: number, max: number): number {
  if (!Number.isSafeInteger(value) || value < min || value > max) {
    throw new InvalidFieldError(field, `must be an integer from ${min} to ${max}, is ${value}`);
  }
  return value;
}

/** Null: not set. 0 is rejected: invalid times are decoded as 0, and earlier releases sent 0 for no time. */
export function checkTime(field: string, timeMs: number | undefined): number | null {
  return timeMs === undefined ? null : checkRange(field, timeMs, 1, MAX_TIME_MS);
}

/** The trimmed name. */
export function checkName(field: string, text: string): string {
  const name = text.trim();
  if (!name.isWellFormed()) throw new InvalidFieldError(field, 'contains a lone surrogate');
  if (name.length === 0 || [...name].length > 100) throw new InvalidFieldError(field, 'must have 1 to 100 characters');
  return name;
}

function checkItems<T>(field: string, items: T[]): T[] {
  if (items.length === 0 || items.length > MAX_ITEMS) {
    throw new InvalidFieldError(field, `must have 1 to ${MAX_ITEMS} items, has ${items.length}`);
  }
  return items;
}

export function checkOrderNos(orderNos: string[]): string[] {
  for (const orderNo of checkItems('order_nos', orderNos)) {
    if (!isOrderNo(orderNo)) throw new InvalidFieldError('order_nos', 'must be order numbers');
  }
  return orderNos;
}

export function checkPairs(pairs: BuyerOfStock[]): BuyerOfStock[] {
  for (const { sid, buyer } of checkItems('pairs', pairs)) {
    checkStockId('pairs.sid', sid);
    if (!isBuyer(buyer)) throw new InvalidFieldError('pairs.buyer', 'must be 1 to 255 visible ASCII characters');
  }
  return pairs;
}

export function checkPlaceOrders({ orders, replyTo }: PlaceOrdersRequest): void {
  for (const order of checkItems('orders', orders)) {
    const { orderNo, sid, buyer, mintedAtMs, stampMs, maxPriceCents = 0 } = order;
    checkStockId('orders.sid', sid);
    checkRange('orders.minted_at_ms', mintedAtMs, 0, MAX_TIME_MS);
    checkRange('orders.stamp_ms', stampMs, 0, MAX_TIME_MS);
    checkRange('orders.max_price_cents', maxPriceCents, 0, Number.MAX_SAFE_INTEGER);
    if (!isOrderNo(orderNo)) throw new InvalidFieldError('orders.order_no', 'must be an order number');
    if (!isBuyer(buyer)) throw new InvalidFieldError('orders.buyer', 'must be 1 to 255 visible ASCII characters');
    checkOrderDetails(order);
  }
  if (!/^[A-Za-z0-9._-]{0,64}$/.test(replyTo)) throw new InvalidFieldError('reply_to', 'must be the name of a process');
}

function checkOrderDetails({ quantity, reference, metadata }: OrderRequest): void {
  checkRange('orders.quantity', quantity, 0, MAX_QUANTITY);
  if (reference !== '' && !isReference(reference)) {
    throw new InvalidFieldError('orders.reference', 'must be at most 64 visible ASCII characters');
  }
  if (metadata !== '' && !isMetadata(metadata)) {
    throw new InvalidFieldError('orders.metadata', 'must be a JSON object of at most 20 texts and 2,048 bytes');
  }
}

/** `most`: the setting MAX_PER_ORDER. */
export function checkMaxPerOrder(maxPerOrder: number, most: number): number {
  return checkRange('max_per_order', maxPerOrder, 1, most);
}

/** The stock to create. Its `sid` may be 0. `mostPerOrder`: the setting MAX_PER_ORDER. */
export function checkNewStock(request: CreateStockRequest, mostPerOrder: number): NewStock {
  const { sid, count, priceCents, ladderLimit } = request;
  const name = checkName('name', request.name);
  const kind = checkKind(request.kind);
  const { currency } = request;
  if (sid !== 0) checkStockId('sid', sid);
  if (!isCurrency(currency)) throw new InvalidFieldError('currency', 'must be a currency of ISO 4217, such as EUR');
  checkRange('count', count, 0, MAX_UNITS);
  checkRange('price_cents', priceCents, 0, MAX_PRICE_CENTS);
  const maxPerOrder = checkMaxPerOrder(request.maxPerOrder || 1, mostPerOrder);
  if (maxPerOrder > 1 && kind === 'ladder') throw new InvalidFieldError('max_per_order', 'requires kind sale');
  const opensAtMs = checkTime('opens_at_ms', request.opensAtMs);
  const closesAtMs = checkTime('closes_at_ms', request.closesAtMs);
  checkRange('ladder_limit', ladderLimit, 0, 1_000_000);
  if (opensAtMs !== null && closesAtMs !== null && closesAtMs <= opensAtMs)
    throw new InvalidFieldError('closes_at_ms', 'must be after opens_at_ms');
  if (ladderLimit !== 0 && kind !== 'ladder') throw new InvalidFieldError('ladder_limit', 'requires kind ladder');
  return {
    sid,
    name,
    count,
    kind,
    priceCents,
    currency,
    opensAtMs,
    closesAtMs,
    paused: false,
    details: checkNewDetails(request, priceCents),
    maxPerOrder,
  };
}
