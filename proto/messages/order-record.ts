import type { OrderRecord } from '../gen/flashsale/v1/OrderRecord.ts';
import type { SecretKey } from '../settings/secret-keys.ts';
import { OrderRecordType } from './load-protos.ts';
import { signMessage, verifySignedMessage } from './signed-message.ts';

const UNSIGNED_VERSION = 1;
const RECORD_VERSION = 2;
const ORDER_NO = /^[0-9A-Za-z-]{1,64}$/;
const BUYER = /^[!-~]{1,255}$/;

/** An order in the log. `replyTo` may be empty. */
export type LoggedOrder = {
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

export type DecodedRecord =
  | { kind: 'order'; order: LoggedOrder }
  /** It cannot be an order, for this reason. */
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

export function encodeOrderRecord(order: LoggedOrder, key: SecretKey): Buffer {
  const { stampMs, maxPriceCents, ...rest } = order;
  const record = {
    version: RECORD_VERSION,
    ...rest,
    stampMs: stampMs ?? 0,
    ...(maxPriceCents !== null && { maxPriceCents }),
  };
  return signMessage('order record', key, OrderRecordType.serialize(record));
}

export function decodeOrderRecord(bytes: Buffer | null, verification: RecordVerification): DecodedRecord {
  if (bytes === null) return { kind: 'invalid', reason: 'no value' };
  const payload = verifySignedMessage('order record', verification.keys, bytes);
  if (payload === null) return decodeUnsigned(bytes, verification.acceptsUnsigned);
  const record = parseRecord(payload);
  if (record === null) return { kind: 'invalid', reason: 'the signed payload is not an OrderRecord' };
  if (record.version !== RECORD_VERSION) return { kind: 'unknown_version', version: record.version };
  return toOrder(record);
}

/** Records without a signature have version 1. */
function decodeUnsigned(bytes: Buffer, accepted: boolean): DecodedRecord {
  const record = accepted ? parseRecord(bytes) : null;
  return record?.version === UNSIGNED_VERSION ? toOrder(record) : { kind: 'invalid', reason: 'no valid signature' };
}

function parseRecord(bytes: Buffer): OrderRecord | null {
  try {
    return OrderRecordType.deserialize(bytes);
  } catch {
    return null;
  }
}

function toOrder(record: OrderRecord): DecodedRecord {
  const invalid = (reason: string): DecodedRecord => ({ kind: 'invalid', reason });
  if (!isStockId(record.sid)) return invalid(`sid ${record.sid} is not a stock id`);
  if (!isOrderNo(record.orderNo)) return invalid('order_no is not an order number');
  if (!isBuyer(record.buyer)) return invalid('buyer is not 1 to 255 visible ASCII characters');
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
  return { kind: 'order', order };
}
