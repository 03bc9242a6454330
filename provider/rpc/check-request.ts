import { type NewStock, STOCK_STATES, type StockKind, type StockState } from '../../db/stocks/stock-table.ts';
import type { BuyerOfStock } from '../../proto/gen/flashsale/v1/BuyerOfStock.ts';
import type { CreateStockRequest } from '../../proto/gen/flashsale/v1/CreateStockRequest.ts';
import type { PlaceOrdersRequest } from '../../proto/gen/flashsale/v1/PlaceOrdersRequest.ts';
import { isCurrency } from '../../proto/messages/is-currency.ts';
import { isBuyer, isOrderNo, isStockId } from '../../proto/messages/order-record.ts';
import { InvalidFieldError } from './describe-fault.ts';

// What a request must keep to. Each function throws an InvalidFieldError that names the field.

const MAX_ITEMS = 1000;
export const MAX_UNITS = 100_000_000;
export const MAX_PRICE_CENTS = 1_000_000_000_000;
// The last moment of the year 9999, which is as far as DATETIME goes.
export const MAX_TIME_MS = 253_402_300_799_999;

export function checkStockId(field: string, sid: number): number {
  if (!isStockId(sid)) throw new InvalidFieldError(field, `${sid} is not a stock id (1 to 2^53 - 1)`);
  return sid;
}

export function checkKind(kind: string): StockKind {
  if (kind === '') return 'sale';
  if (kind !== 'sale' && kind !== 'ladder') throw new InvalidFieldError('kind', `'${kind}' is neither sale nor ladder`);
  return kind;
}

export function checkStates(states: string[]): StockState[] {
  return states.map((state) => {
    const known = STOCK_STATES.find((one) => one === state);
    if (!known) throw new InvalidFieldError('states', `'${state}' is not one of ${STOCK_STATES.join(', ')}`);
    return known;
  });
}

export function checkRange(field: string, value: number, least: number, most: number): number {
  if (!Number.isSafeInteger(value) || value < least || value > most) {
    throw new InvalidFieldError(field, `${value} is not a whole number from ${least} to ${most}`);
  }
  return value;
}

/** Null: there is none. 0 is refused: it is what a time that cannot be read becomes, and what earlier releases sent for none. */
export function checkTime(field: string, timeMs: number | undefined): number | null {
  return timeMs === undefined ? null : checkRange(field, timeMs, 1, MAX_TIME_MS);
}

/** The name without white space around it. */
export function checkName(field: string, text: string): string {
  const name = text.trim();
  if (!name.isWellFormed()) throw new InvalidFieldError(field, 'holds half a character (a lone surrogate)');
  if (name.length === 0 || [...name].length > 100) throw new InvalidFieldError(field, 'has not 1 to 100 characters');
  return name;
}

export function checkItems<T>(field: string, items: T[]): T[] {
  if (items.length === 0 || items.length > MAX_ITEMS) {
    throw new InvalidFieldError(field, `${items.length} items; 1 to ${MAX_ITEMS} are taken`);
  }
  return items;
}

export function checkOrderNos(orderNos: string[]): string[] {
  for (const orderNo of checkItems('order_nos', orderNos)) {
    if (!isOrderNo(orderNo)) throw new InvalidFieldError('order_nos', 'holds a text that is not an order number');
  }
  return orderNos;
}

export function checkPairs(pairs: BuyerOfStock[]): BuyerOfStock[] {
  for (const { sid, buyer } of checkItems('pairs', pairs)) {
    checkStockId('pairs.sid', sid);
    if (!isBuyer(buyer)) throw new InvalidFieldError('pairs.buyer', 'is not 1 to 255 visible ASCII characters');
  }
  return pairs;
}

export function checkPlaceOrders({ orders, replyTo }: PlaceOrdersRequest): void {
  for (const { orderNo, sid, buyer, mintedAtMs } of checkItems('orders', orders)) {
    checkStockId('orders.sid', sid);
    checkRange('orders.minted_at_ms', mintedAtMs, 0, MAX_TIME_MS);
    if (!isOrderNo(orderNo)) throw new InvalidFieldError('orders.order_no', 'is not an order number');
    if (!isBuyer(buyer)) throw new InvalidFieldError('orders.buyer', 'is not 1 to 255 visible ASCII characters');
  }
  if (!/^[A-Za-z0-9._-]{0,64}$/.test(replyTo)) throw new InvalidFieldError('reply_to', "is not a process's name");
}

/** The stock to make; `sid` 0 stays 0. */
export function checkNewStock(request: CreateStockRequest): NewStock {
  const { sid, count, priceCents, ladderLimit } = request;
  const name = checkName('name', request.name);
  const kind = checkKind(request.kind);
  const currency = request.currency || 'CNY';
  if (sid !== 0) checkStockId('sid', sid);
  if (!isCurrency(currency)) throw new InvalidFieldError('currency', 'is not a currency of ISO 4217');
  checkRange('count', count, 0, MAX_UNITS);
  checkRange('price_cents', priceCents, 0, MAX_PRICE_CENTS);
  const opensAtMs = checkTime('opens_at_ms', request.opensAtMs);
  const closesAtMs = checkTime('closes_at_ms', request.closesAtMs);
  checkRange('ladder_limit', ladderLimit, 0, 1_000_000);
  if (opensAtMs !== null && closesAtMs !== null && closesAtMs <= opensAtMs)
    throw new InvalidFieldError('closes_at_ms', 'is not after opens_at_ms');
  if (ladderLimit !== 0 && kind !== 'ladder') throw new InvalidFieldError('ladder_limit', 'is for kind ladder only');
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
  };
}
