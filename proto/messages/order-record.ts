import type { OrderRecord } from '../gen/flashsale/internal/v1/OrderRecord.ts';
import type { SecretKey } from '../settings/secret-keys.ts';
import {
  type CompactOrder,
  decodeCompactOrders,
  encodeCompactOrders,
  type InvalidLine,
  isolateCompactOrder,
} from './compact-orders.ts';
import { OrderRecordType } from './load-protos.ts';
import { hasDetails } from './order-details.ts';
import { signMessage, verifySignedMessage } from './signed-message.ts';

const UNSIGNED_VERSION = 1;
/** One order in the fields of OrderRecord. Providers write it with RECORD_VERSION=2, while workers that know no other version run. */
export const SINGLE_VERSION = 2;
/** Several orders in `compact_orders`. */
export const COMPACT_VERSION = 3;
/** The same, and at least one of them has details. */
const DETAILED_VERSION = 4;
const ORDER_NO = /^[0-9A-Za-z-]{1,64}$/;
const BUYER = /^[!-~]{1,255}$/;

/** An order in the log. */
export type LoggedOrder = CompactOrder;

export type DecodedRecord =
  /** One or more orders in their sequence: the place of an order is its index. Some of several may be invalid. */
  | { kind: 'orders'; orders: (LoggedOrder | InvalidLine)[] }
  /** The record cannot be one of orders, for this reason. */
  | { kind: 'invalid'; reason: string }
  /** Signed by this system, with a version that this release does not support. */
  | { kind: 'unknown_version'; version: number };

/** How records are verified. `acceptsUnsigned`: accept records of releases that did not sign them. */
export type RecordVerification = { keys: SecretKey[]; acceptsUnsigned: boolean };

export function isStockId(sid: number): boolean {
  return Number.isSafeInteger(sid) && sid > 0;
}

export function isOrderNo(text: string): boolean {
  return ORDER_NO.test(text);
}

export function isBuyer(text: string): boolean {
  return BUYER.test(text);
}

/** A record of one order that earlier releases read too. */
export function encodeOrderRecord(order: LoggedOrder, key: SecretKey): Buffer {
  const { stampMs, maxPriceCents, ...rest } = order;
  const record = {
    version: SINGLE_VERSION,
    ...rest,
    stampMs: stampMs ?? 0,
    ...(maxPriceCents !== null && { maxPriceCents }),
  };
  return signMessage('order record', key, OrderRecordType.serialize(record));
}

/**
 * A record of 1 to MAX_ORDERS_IN_RECORD orders with the same `replyTo`, with one signature. Earlier releases read it too, unless one of the
 * orders has details.
 */
export function encodeCompactRecord(orders: LoggedOrder[], key: SecretKey): Buffer {
  return signCompact(encodeCompactOrders(orders), orders.some(hasDetails) ? DETAILED_VERSION : COMPACT_VERSION, key);
}

function signCompact(compactOrders: Buffer, version: number, key: SecretKey): Buffer {
  return signMessage('order record', key, OrderRecordType.serialize({ version, compactOrders }));
}

export function decodeOrderRecord(bytes: Buffer | null, verification: RecordVerification): DecodedRecord {
  if (bytes === null) return { kind: 'invalid', reason: 'no value' };
  const payload = verifySignedMessage('order record', verification.keys, bytes);
  if (payload === null) return decodeUnsigned(bytes, verification.acceptsUnsigned);
  const record = parseRecord(payload);
  if (record === null) return { kind: 'invalid', reason: 'the signed payload is not an OrderRecord' };
  if (isCompact(record)) return decodeCompact(record);
  return record.version === SINGLE_VERSION
    ? decodeSingle(record)
    : { kind: 'unknown_version', version: record.version };
}

/**
 * The record of one order of a record of several, signed anew: so an invalid one is dead-lettered and appended again without the others.
 * Null for all other bytes.
 */
export function isolateOrder(bytes: Buffer | null, index: number, keys: SecretKey[]): Buffer | null {
  const [current] = keys;
  const payload = bytes && verifySignedMessage('order record', keys, bytes);
  const record = payload && parseRecord(payload);
  if (!current || !record || !isCompact(record)) return null;
  const isolated = isolateCompactOrder(record.compactOrders, index);
  return isolated && signCompact(isolated, record.version, current);
}

function isCompact({ version }: OrderRecord): boolean {
  return version === COMPACT_VERSION || version === DETAILED_VERSION;
}

/** Records without a signature have version 1. */
function decodeUnsigned(bytes: Buffer, accepted: boolean): DecodedRecord {
  const record = accepted ? parseRecord(bytes) : null;
  return record?.version === UNSIGNED_VERSION
    ? decodeSingle(record)
    : { kind: 'invalid', reason: 'no valid signature' };
}

function parseRecord(bytes: Buffer): OrderRecord | null {
  try {
    return OrderRecordType.deserialize(bytes);
  } catch {
    return null;
  }
}

function decodeSingle(record: OrderRecord): DecodedRecord {
  const { orderNo, sid, buyer, replyTo, mintedAtMs, stampMs, maxPriceCents = null } = record;
  const { takesNoUnit, metClosed } = record;
  const order = {
    orderNo,
    sid,
    buyer,
    replyTo,
    mintedAtMs,
    stampMs: stampMs || null,
    takesNoUnit,
    metClosed,
    maxPriceCents,
  };
  const reason = whyInvalid(order);
  return reason === undefined ? { kind: 'orders', orders: [order] } : { kind: 'invalid', reason };
}

function decodeCompact({ version, compactOrders }: OrderRecord): DecodedRecord {
  const decoded = decodeCompactOrders(compactOrders, version === DETAILED_VERSION);
  if (typeof decoded === 'string') return { kind: 'invalid', reason: decoded };
  const orders = decoded.map((order) => {
    const reason = 'invalid' in order ? undefined : whyInvalid(order);
    return reason === undefined ? order : { invalid: reason };
  });
  return { kind: 'orders', orders };
}

function whyInvalid({ sid, orderNo, buyer }: LoggedOrder): string | undefined {
  if (!isStockId(sid)) return `sid ${sid} is not a stock id`;
  if (!isOrderNo(orderNo)) return 'order_no is not an order number';
  return isBuyer(buyer) ? undefined : 'buyer is not 1 to 255 visible ASCII characters';
}
