import type { Order } from '../../proto/gen/flashsale/v1/Order.ts';
import type { OrderPayment } from '../../proto/gen/flashsale/v1/OrderPayment.ts';
import { isoOrNull } from '../api/iso-or-null.ts';
import { type Money, money } from '../api/money.ts';

/**
 * An order as every answer of the API has it. Times are ISO 8601 in UTC. Null: there is none, or, while the row was not read, it is not
 * known.
 */
export type OrderView = {
  orderNo: string;
  sid: string;
  name: string | null;
  state: string;
  /** Null while pending. */
  decision: string | null;
  quantity: number | null;
  unitPrice: Money | null;
  /** Unit price × quantity. */
  total: Money | null;
  reference: string | null;
  metadata: Record<string, string> | null;
  createdAt: string | null;
  payBy: string | null;
  secondsLeftToPay: number | null;
  paidAt: string | null;
  endedAt: string | null;
  /** With decision `duplicate`: the buyer's active order. */
  activeOrderNo: string | null;
  /** Oldest first. */
  payments: PaymentView[];
};

/** `due`: to be requested from the gateway. `pending`: the gateway has accepted it. `failed`: the gateway refuses it, and a person must act. */
export type RefundState = 'due' | 'pending' | 'failed' | 'refunded';

/** A payment as the API returns it to buyers. */
export type PaymentView = {
  paymentId: string;
  state: string;
  /** Null: there is nothing to refund. A buyer sees `due` for `failed`. */
  refundState: RefundState | null;
  /** Amount paid; with state `started`, amount due. */
  amount: Money;
  /** When it was started; null: from a provider of the release before. */
  createdAt: string | null;
  paidAt: string | null;
  refundedAt: string | null;
};

/** What a buyer asked for. */
export type OrderDetails = Pick<OrderView, 'quantity' | 'reference' | 'metadata'>;

const UNKNOWN_DETAILS: OrderDetails = { quantity: null, reference: null, metadata: null };

/** `metadata`: JSON. Empty: none. */
type AskedDetails = { quantity?: number | undefined; reference?: string | undefined; metadata?: string | undefined };

/** What the request of an order says of it. */
export function askedDetails({ quantity = 1, reference, metadata }: AskedDetails): OrderDetails {
  return { quantity, reference: reference || null, metadata: metadata ? JSON.parse(metadata) : {} };
}

export function orderView(order: Order): OrderView {
  const { orderNo, sid, name, state, decision, priceCents, currency, createdAtMs, payByMs, readAtMs } = order;
  const untilMs = state === 'awaiting_payment' ? payByMs : undefined;
  const { quantity, reference, metadata } = askedDetails(order);
  const units = quantity || 1;
  return {
    orderNo,
    sid: String(sid),
    name,
    state,
    decision: decision.toLowerCase(),
    quantity: units,
    unitPrice: money(priceCents, currency),
    total: money(priceCents * units, currency),
    reference,
    metadata,
    createdAt: new Date(createdAtMs).toISOString(),
    payBy: isoOrNull(untilMs),
    // By the database's clock, which decides the expiry.
    secondsLeftToPay: untilMs === undefined ? null : Math.max(0, Math.floor((untilMs - readAtMs) / 1000)),
    paidAt: isoOrNull(order.paidAtMs),
    endedAt: isoOrNull(order.endedAtMs),
    activeOrderNo: order.liveOrderNo || null,
    payments: order.payments.map(paymentView),
  };
}

type UnreadOrder = { orderNo: string; sid: number; decision?: string; state?: string };

/** An order whose row was not read: it is pending, or was decided a moment ago. */
export function unreadOrderView(
  { orderNo, sid, decision, state }: UnreadOrder,
  { quantity, reference, metadata }: OrderDetails = UNKNOWN_DETAILS,
): OrderView {
  return {
    orderNo,
    sid: String(sid),
    name: null,
    state: state ?? 'pending',
    decision: decision?.toLowerCase() ?? null,
    quantity,
    unitPrice: null,
    total: null,
    reference,
    metadata,
    createdAt: null,
    payBy: null,
    secondsLeftToPay: null,
    paidAt: null,
    endedAt: null,
    activeOrderNo: null,
    payments: [],
  };
}

export function paymentView(payment: OrderPayment): PaymentView {
  const { paymentId, state, amountCents, currency } = payment;
  const refund = refundState(payment);
  return {
    paymentId,
    state,
    refundState: refund === 'failed' ? 'due' : refund,
    amount: money(amountCents, currency),
    createdAt: isoOrNull(payment.createdAtMs || undefined),
    paidAt: isoOrNull(payment.paidAtMs),
    refundedAt: isoOrNull(payment.refundedAtMs),
  };
}

export function refundState({ state, refundFailure, refundPendingAtMs }: OrderPayment): RefundState | null {
  if (state === 'refunded') return 'refunded';
  if (state !== 'refund_due') return null;
  if (refundFailure !== '') return 'failed';
  return refundPendingAtMs === undefined ? 'due' : 'pending';
}
