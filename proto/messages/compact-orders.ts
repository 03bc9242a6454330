import assert from 'node:assert/strict';
import { hasDetails, isMetadata, isQuantity, isReference, type OrderDetails } from './order-details.ts';

// The orders of one record of the log as text (OrderRecord.compact_orders). ASCII; lines are separated by '\n':
//
//   COUNT REPLY_TO
//   ORDER_NO SID BUYER MINTED_AT_MS STAMP_MS FLAGS MAX_PRICE_CENTS      (COUNT times)
//
// In records of version 4, the line of an order with details has three more fields: QUANTITY REFERENCE METADATA.
//
// Fields are separated by one space. REPLY_TO may be empty. Numbers are decimal, without leading zeros. STAMP_MS 0: unknown.
// FLAGS: 1 takesNoUnit + 2 metClosed. MAX_PRICE_CENTS '-': any price. REFERENCE and METADATA may be empty; METADATA is in base64url. The place of an order is its line, counted from 0.

/** An order of a record. `replyTo` may be empty. */
export type CompactOrder = OrderDetails & {
  orderNo: string;
  sid: number;
  buyer: string;
  replyTo: string;
  mintedAtMs: number;
  /** A lower bound of the database's time when a provider accepted the order; null: unknown. */
  stampMs: number | null;
  takesNoUnit: boolean;
  /** With takesNoUnit: the sale was closed when the order was accepted. */
  metClosed: boolean;
  /** In the smallest unit of the currency; null: any price. */
  maxPriceCents: number | null;
};

/** A line that cannot be an order, for this reason. */
export type InvalidLine = { invalid: string };

export const MAX_ORDERS_IN_RECORD = 500;
/** More than 500 of the longest orders without details take, about 390 bytes each. Kafka takes records of up to 1 MB. */
export const MAX_COMPACT_BYTES = 256 * 1024;

const FIRST_LINE = /^([1-9]\d{0,2}) ([A-Za-z0-9._-]{0,64})$/;
const FIRST_LINE_BYTES = 70;
const PLAIN_LINE_BYTES = 400;
const FIELDS = 7;
const FIELDS_WITH_DETAILS = 10;
const INTEGER = /^(?:0|[1-9]\d{0,15})$/;
const ANY_PRICE = '-';
const TAKES_NO_UNIT = 1;
const MET_CLOSED = 2;

/** 1 to MAX_ORDERS_IN_RECORD orders with the same `replyTo`. */
export function encodeCompactOrders(orders: CompactOrder[]): Buffer {
  assert(orders.length > 0 && orders.length <= MAX_ORDERS_IN_RECORD, 'a record holds 1 to 500 orders');
  const replyTo = orders[0]?.replyTo;
  let text = `${orders.length} ${replyTo}`;
  for (const order of orders) {
    assert(order.replyTo === replyTo, 'the orders of a record have one reply address');
    const { orderNo, sid, buyer, mintedAtMs, stampMs, maxPriceCents } = order;
    const flags = (order.takesNoUnit ? TAKES_NO_UNIT : 0) + (order.metClosed ? MET_CLOSED : 0);
    text += `\n${orderNo} ${sid} ${buyer} ${mintedAtMs} ${stampMs ?? 0} ${flags} ${maxPriceCents ?? ANY_PRICE}`;
    if (hasDetails(order)) text += encodeDetails(order);
  }
  return Buffer.from(text, 'latin1');
}

function encodeDetails({ quantity = 1, reference, metadata }: OrderDetails): string {
  return ` ${quantity} ${reference ?? ''} ${Buffer.from(metadata ?? '').toString('base64url')}`;
}

/** How many orders, from this one on, fit into one record. */
export function countForRecord(orders: CompactOrder[], from: number): number {
  let bytes = FIRST_LINE_BYTES;
  let count = 0;
  while (count < MAX_ORDERS_IN_RECORD && from + count < orders.length) {
    const order = orders[from + count] as CompactOrder;
    bytes += PLAIN_LINE_BYTES + (hasDetails(order) ? encodeDetails(order).length : 0);
    if (bytes > MAX_COMPACT_BYTES) break;
    count += 1;
  }
  return count;
}

/**
 * The orders in their sequence; their sid, number and buyer are not validated. A text: why the whole record is malformed. `mayHaveDetails`:
 * the record has version 4.
 */
export function decodeCompactOrders(bytes: Buffer, mayHaveDetails: boolean): (CompactOrder | InvalidLine)[] | string {
  const lines = splitLines(bytes);
  if (typeof lines === 'string') return lines;
  return lines.orders.map((line) => decodeLine(line, lines.replyTo, mayHaveDetails));
}

/** The same record with the order at this place alone, valid or not. Null: the record is malformed, or shorter. */
export function isolateCompactOrder(bytes: Buffer, index: number): Buffer | null {
  const lines = splitLines(bytes);
  if (typeof lines === 'string') return null;
  const line = lines.orders[index];
  return line === undefined ? null : Buffer.from(`1 ${lines.replyTo}\n${line}`, 'latin1');
}

function splitLines(bytes: Buffer): { replyTo: string; orders: string[] } | string {
  if (bytes.length > MAX_COMPACT_BYTES) return `longer than ${MAX_COMPACT_BYTES} bytes`;
  const [first = '', ...orders] = bytes.toString('latin1').split('\n');
  const [, count, replyTo = ''] = FIRST_LINE.exec(first) ?? [];
  if (!(Number(count) <= MAX_ORDERS_IN_RECORD)) return 'the first line is not a number of orders and a reply address';
  return orders.length === Number(count) ? { replyTo, orders } : `${orders.length} orders, announced ${count}`;
}

function decodeLine(line: string, replyTo: string, mayHaveDetails: boolean): CompactOrder | InvalidLine {
  const fields = line.split(' ', FIELDS_WITH_DETAILS + 1);
  const hasMore = mayHaveDetails && fields.length === FIELDS_WITH_DETAILS;
  if (fields.length !== FIELDS && !hasMore) return { invalid: `not ${FIELDS} fields` };
  const [orderNo = '', sidText = '', buyer = '', mintedText = '', stampText = '', flagsText = '', maxText = ''] =
    fields;
  const mintedAtMs = toInteger(mintedText);
  const stampMs = toInteger(stampText);
  const flags = toInteger(flagsText);
  const maxPriceCents = maxText === ANY_PRICE ? null : toInteger(maxText);
  if (![mintedAtMs, stampMs, maxPriceCents ?? 0].every(Number.isSafeInteger) || !INTEGER.test(sidText))
    return { invalid: 'sid, a time or the price is not a number' };
  if (!(flags <= TAKES_NO_UNIT + MET_CLOSED)) return { invalid: 'unknown flags' };
  const order = {
    orderNo,
    sid: Number(sidText),
    buyer,
    replyTo,
    mintedAtMs,
    stampMs: stampMs || null,
    takesNoUnit: (flags & TAKES_NO_UNIT) !== 0,
    metClosed: (flags & MET_CLOSED) !== 0,
    maxPriceCents,
  };
  return hasMore ? addDetails(order, fields.slice(FIELDS)) : order;
}

function addDetails(
  order: CompactOrder,
  [quantityText = '', ref = '', encoded = '']: string[],
): CompactOrder | InvalidLine {
  const quantity = toInteger(quantityText);
  const reference = ref === '' ? null : ref;
  const metadata = encoded === '' ? null : Buffer.from(encoded, 'base64url').toString();
  if (!isQuantity(quantity)) return { invalid: 'the quantity is not 1 to 1,000' };
  if (reference !== null && !isReference(reference))
    return { invalid: 'the reference is not 1 to 64 visible characters' };
  if (metadata !== null && !isMetadata(metadata)) return { invalid: 'the metadata is not an object of texts' };
  return { ...order, quantity, reference, metadata };
}

function toInteger(text: string): number {
  return INTEGER.test(text) ? Number(text) : Number.NaN;
}
