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

/** Of a new or undecided order only these are known. */
export type Order = { orderNo: string; sid: number; state: OrderState } & Partial<{
  name: string;
  priceCents: number;
  currency: string;
  createdAt: string;
  payBy: string | null;
  liveOrderNo: string | null;
}>;

const LIVE = new Set<OrderState>(['pending', 'awaiting_payment', 'paid']);

/** Whether the buyer has, or may still get, a unit by it. */
export function isLive({ state }: Order): boolean {
  return LIVE.has(state);
}
