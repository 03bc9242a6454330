import type { OrderRecord } from './gen/flashsale/v1/OrderRecord.ts';
import { OrderRecordType } from './load-protos.ts';

const RECORD_VERSION = 1;
const ORDER_NO = /^[0-9A-Za-z-]{1,64}$/;
const BUYER = /^[!-~]{1,255}$/;

/** One order as the log keeps it. `replyTo` may be empty. */
export type LoggedOrder = { orderNo: string; sid: number; buyer: string; replyTo: string; mintedAtMs: number };

export function isStockId(sid: number): boolean {
  return Number.isSafeInteger(sid) && sid > 0;
}

export function isOrderNo(text: string): boolean {
  return ORDER_NO.test(text);
}

export function isBuyer(text: string): boolean {
  return BUYER.test(text);
}

export function encodeOrderRecord(order: LoggedOrder): Buffer {
  return OrderRecordType.serialize({ version: RECORD_VERSION, ...order });
}

/** The order in a record's bytes, or a text that says why there is none. */
export function decodeOrderRecord(bytes: Buffer | null): LoggedOrder | string {
  if (bytes === null) return 'a record without a value';
  let record: OrderRecord;
  try {
    record = OrderRecordType.deserialize(bytes);
  } catch (error) {
    return `not an OrderRecord: ${(error as Error).message}`;
  }
  if (record.version !== RECORD_VERSION) return `record version ${record.version} is not known here`;
  if (!isStockId(record.sid)) return `sid ${record.sid} is not a stock id`;
  if (!isOrderNo(record.orderNo)) return 'order_no is not an order number';
  if (!isBuyer(record.buyer)) return 'buyer is not 1 to 255 visible ASCII characters';
  const { orderNo, sid, buyer, replyTo, mintedAtMs } = record;
  return { orderNo, sid, buyer, replyTo, mintedAtMs };
}
