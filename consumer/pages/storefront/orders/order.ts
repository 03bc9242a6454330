// What the API answers, as far as buyers see it.

export type OrderState =
  | 'pending'
  | 'awaiting_payment'
  | 'paid'
  | 'refunded'
  | 'expired'
  | 'cancelled'
  | 'sold_out'
  | 'duplicate'
  | 'paused'
  | 'not_open'
  | 'closed'
  | 'price_above_max';

export type OrderPayment = {
  paymentId: string;
  /** `started`: no money has come. `refund_due`: the gateway is being asked to give it back. */
  state: 'started' | 'paid' | 'refund_due' | 'refunded';
  amountCents: number;
  currency: string;
  paidAt: string | null;
  refundedAt: string | null;
};

/** Of a new or undecided order only these are known. */
export type Order = { orderNo: string; sid: number; state: OrderState } & Partial<{
  name: string;
  priceCents: number;
  currency: string;
  createdAt: string;
  payBy: string | null;
  liveOrderNo: string | null;
  payments: OrderPayment[];
}>;

const LIVE = new Set<OrderState>(['pending', 'awaiting_payment', 'paid']);

/** Whether the buyer has, or may still get, a unit by it. */
export function isActive({ state }: Order): boolean {
  return LIVE.has(state);
}
