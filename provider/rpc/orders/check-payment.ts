import type { PaymentQuery } from '../../../db/payments/find-payments.ts';
import type { SessionToKeep } from '../../../db/payments/keep-session.ts';
import type { PaymentEvent } from '../../../db/payments/payment-event-table.ts';
import type { Settlement } from '../../../db/payments/settle-payment.ts';
import type { PaymentStart } from '../../../db/payments/start-payments.ts';
import type { FindPaymentsRequest } from '../../../proto/gen/flashsale/v1/FindPaymentsRequest.ts';
import type { KeepSessionRequest } from '../../../proto/gen/flashsale/v1/KeepSessionRequest.ts';
import type { RecordPaymentRequest } from '../../../proto/gen/flashsale/v1/RecordPaymentRequest.ts';
import type { SettlePaymentRequest } from '../../../proto/gen/flashsale/v1/SettlePaymentRequest.ts';
import type { StartPaymentRequest } from '../../../proto/gen/flashsale/v1/StartPaymentRequest.ts';
import { isBuyer, isOrderNo } from '../../../proto/messages/order-record.ts';
import { isPaymentId } from '../../../proto/payments/is-payment-id.ts';
import type { GatewayPayment } from '../../../proto/payments/payment-gateway.ts';
import { checkRange } from '../check-request.ts';
import { InvalidFieldError } from '../describe-fault.ts';

// Validates requests of the payment rpcs. Each function throws an InvalidFieldError with the field.

const EVENT_ID = /^[!-~]{1,100}$/;
const CURRENCY = /^[A-Z]{3}$/;
const MAX_REASON = 200;
const GATEWAY = /^[a-z]{1,20}$/;
/** Ids and words of a gateway. */
const GATEWAY_ID = /^[!-~]{1,255}$/;
const DISPUTE = /^[ -~]{1,40}$/;
const URL_TEXT = /^[!-~]{1,2048}$/;
const MAX_QUERY = 100;
const MAX_SESSION_SECONDS = 30 * 24 * 3600;

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

export function checkPaymentStart(request: StartPaymentRequest): PaymentStart {
  const orderNo = checkOrderNo('order_no', request.orderNo);
  const buyer = checkBuyer('buyer', request.buyer);
  if (request.gateway === '') return { orderNo, buyer };
  const gateway = checkGateway(request.gateway);
  const returnUrl = checkText('return_url', request.returnUrl, URL_TEXT, 2048);
  const leastSeconds = checkRange('session_seconds', request.sessionSeconds, 1, MAX_SESSION_SECONDS);
  const mostSeconds = checkRange(
    'max_session_seconds',
    request.maxSessionSeconds,
    request.sessionSeconds,
    MAX_SESSION_SECONDS,
  );
  return { orderNo, buyer, session: { gateway, returnUrl, leastSeconds, mostSeconds } };
}

export function checkSession({ orderNo, paymentId, sessionId, sessionUrl }: KeepSessionRequest): SessionToKeep {
  return {
    orderNo: checkOrderNo('order_no', orderNo),
    paymentId: checkPaymentId(paymentId),
    sessionId: checkText('session_id', sessionId, GATEWAY_ID, 255),
    sessionUrl: checkText('session_url', sessionUrl, URL_TEXT, 2048),
  };
}

export function checkSettlement(request: SettlePaymentRequest): Settlement {
  const gateway = checkGateway(request.gateway);
  const paymentId = checkPaymentId(request.paymentId);
  const optional = (field: string, text: string, pattern = GATEWAY_ID, most = 255) =>
    text === '' ? null : checkText(field, text, pattern, most);
  const sessionId = optional('session_id', request.sessionId);
  const settlement = (found: GatewayPayment) => ({ gateway, paymentId, sessionId, found });
  switch (request.state) {
    case 'SESSION_OPEN':
      return settlement({ state: 'open' });
    case 'SESSION_ENDED':
      return settlement({ state: 'ended' });
    case 'MONEY_PROCESSING':
      return settlement({ state: 'processing' });
    case 'MONEY_PAID':
      return settlement({
        state: 'paid',
        ...checkMoney(request),
        chargeId: optional('charge_id', request.chargeId),
        refundedCents: checkRange('refunded_cents', request.refundedCents, 0, Number.MAX_SAFE_INTEGER),
        dispute: optional('dispute', request.dispute, DISPUTE, 40),
      });
    default:
      throw new InvalidFieldError('state', 'must be a state of a payment at its gateway');
  }
}

export function checkPaymentQuery({ orderNos, paymentIds }: FindPaymentsRequest): PaymentQuery {
  const count = orderNos.length + paymentIds.length;
  if (count < 1 || count > MAX_QUERY) {
    throw new InvalidFieldError(
      'order_nos',
      `must have 1 to ${MAX_QUERY} items together with payment_ids, has ${count}`,
    );
  }
  return {
    orderNos: orderNos.map((orderNo) => checkOrderNo('order_nos', orderNo)),
    paymentIds: paymentIds.map((paymentId) => checkPaymentId(paymentId, 'payment_ids')),
  };
}

export function checkPaymentEvent(request: RecordPaymentRequest): PaymentEvent {
  const { eventId, paymentId } = request;
  if (!EVENT_ID.test(eventId)) throw new InvalidFieldError('event_id', 'must be 1 to 100 visible ASCII characters');
  return { eventId, paymentId: checkPaymentId(paymentId), ...checkMoney(request) };
}

function checkMoney(request: RecordPaymentRequest | SettlePaymentRequest) {
  const { amountCents, currency } = request;
  const orderNo = checkOrderNo('order_no', request.orderNo);
  checkRange('amount_cents', amountCents, 0, Number.MAX_SAFE_INTEGER);
  if (!CURRENCY.test(currency)) throw new InvalidFieldError('currency', 'must be three capital letters (ISO 4217)');
  return { orderNo, amountCents, currency };
}

function checkPaymentId(paymentId: string, field = 'payment_id'): string {
  if (!isPaymentId(paymentId)) throw new InvalidFieldError(field, 'must be a payment id');
  return paymentId;
}

function checkGateway(gateway: string): string {
  if (!GATEWAY.test(gateway)) throw new InvalidFieldError('gateway', 'must be 1 to 20 small letters');
  return gateway;
}

function checkText(field: string, text: string, pattern: RegExp, most: number): string {
  if (!pattern.test(text)) throw new InvalidFieldError(field, `must be 1 to ${most} visible ASCII characters`);
  return text;
}
