import {
  encodeCompactRecord,
  encodeOrderRecord,
  type LoggedOrder,
  type RecordVerification,
} from '../../../proto/messages/order-record.ts';
import { parseSecretKeys, type SecretKey } from '../../../proto/settings/secret-keys.ts';
import { testEnvironment } from '../clients/create-token.ts';

export const testRecordKey = parseSecretKeys(testEnvironment.ORDER_RECORD_KEY)[0] as SecretKey;
export const testVerification: RecordVerification = { keys: [testRecordKey], acceptsUnsigned: false };

export type TestOrder = Pick<LoggedOrder, 'orderNo' | 'sid' | 'buyer'> & Partial<LoggedOrder>;

/** An order of the log, by default without a stamp and a maximum price. */
export function testOrder(order: TestOrder): LoggedOrder {
  return {
    replyTo: '',
    mintedAtMs: Date.now(),
    stampMs: null,
    takesNoUnit: false,
    metClosed: false,
    maxPriceCents: null,
    ...order,
  };
}

/** A record of one order, signed like those of the providers in tests. */
export function encodeTestRecord(order: TestOrder): Buffer {
  return encodeOrderRecord(testOrder(order), testRecordKey);
}

/** A record of several orders. */
export function encodeTestCompact(orders: TestOrder[]): Buffer {
  return encodeCompactRecord(orders.map(testOrder), testRecordKey);
}
