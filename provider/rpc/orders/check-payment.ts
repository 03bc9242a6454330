import type { PaymentEvent } from '../../../db/payments/payment-table.ts';
import type { RecordPaymentRequest } from '../../../proto/gen/flashsale/v1/RecordPaymentRequest.ts';
import { isBuyer, isOrderNo } from '../../../proto/messages/order-record.ts';
import { checkRange } from '../check-request.ts';
import { InvalidFieldError } from '../describe-fault.ts';

// Validates requests of the payment rpcs. Each function throws an InvalidFieldError with the field.

const EVENT_ID = /^[!-~]{1,100}$/;
const PAYMENT_ID = /^[0-9A-Za-z_-]{1,64}$/;
const CURRENCY = /^[A-Z]{3}$/;
const MAX_REASON = 200;

export function checkOrderNo(field: string, orderNo: string): string {
  if (!isOrderNo(orderNo)) throw new InvalidFieldError(field, 'must be an order number');
  return orderNo;
}

export function checkBuyer(field: string, buyer: string): string {
  if (!isBuyer(buyer)) throw new InvalidFieldError(field, 'must be 1 to 255 visible ASCII characters');
  return buyer;
}

export function checkReason(text: string): string {
  const reason = text.trim();
  if (!reason.isWellFormed()) throw new InvalidFieldError('reason', 'contains a lone surrogate');
  const length = [...reason].length;
  if (length < 1 || length > MAX_REASON) {
    throw new InvalidFieldError('reason', `must have 1 to ${MAX_REASON} characters, has ${length}`);
  }
  return reason;
}

export function checkPaymentEvent(request: RecordPaymentRequest): PaymentEvent {
  const { eventId, paymentId, orderNo, amountCents, currency } = request;
  if (!EVENT_ID.test(eventId)) throw new InvalidFieldError('event_id', 'must be 1 to 100 visible ASCII characters');
  if (!PAYMENT_ID.test(paymentId)) throw new InvalidFieldError('payment_id', 'must be a payment id');
  checkOrderNo('order_no', orderNo);
  checkRange('amount_cents', amountCents, 0, Number.MAX_SAFE_INTEGER);
  if (!CURRENCY.test(currency)) throw new InvalidFieldError('currency', 'must be three capital letters (ISO 4217)');
  return { eventId, paymentId, orderNo, amountCents, currency };
}
