// Written by npm run generate from docs/openapi.json.

/** An amount: a whole number in the currency's smallest unit. */
export type Money = { amount: number; currency: string };

/** An order. The answers 201 and 202 are sent before its row is read: what is not known yet is null. Read the order for it. */
export type Order = {
  orderNo: string;
  /** Stock id */
  sid: string;
  /** Name of the stock at the decision */
  name: string | null;
  /** Current state; `pending`: not decided yet, poll it */
  state: 'pending' | 'awaiting_payment' | 'paid' | 'refunded' | 'expired' | 'cancelled' | 'sold_out' | 'duplicate' | 'paused' | 'not_open' | 'closed' | 'price_above_max' | 'quantity_above_max' | 'entry_required';
  /** The decision, which never changes; null while pending */
  decision: 'confirmed' | 'duplicate' | 'sold_out' | 'paused' | 'not_open' | 'closed' | 'price_above_max' | 'quantity_above_max' | 'entry_required' | null;
  /** Units */
  quantity: number | null;
  /** Price of a unit at the decision */
  unitPrice: Money | null;
  /** Unit price × quantity */
  total: Money | null;
  /** Your own id of the order */
  reference: string | null;
  /** Your own fields */
  metadata: Record<string, string> | null;
  /** Time of the decision */
  createdAt: string | null;
  /** With state awaiting_payment: the payment deadline; null: none */
  payBy: string | null;
  /** Seconds until `payBy`, by the database’s clock */
  secondsLeftToPay: number | null;
  /** Time of the payment */
  paidAt: string | null;
  /** Time of the refund, expiry or cancellation */
  endedAt: string | null;
  /** With decision `duplicate`: your active order */
  activeOrderNo: string | null;
  /** Oldest first, including payments that arrived after the order ended and are refunded */
  payments: Array<{
    paymentId: string;
    /** `refund_due`: the refund is requested from the gateway; `refunded`: the gateway has refunded it */
    state: 'started' | 'paid' | 'refund_due' | 'refunded';
    /** Null: there is nothing to refund; `due`: to be requested from the gateway; `pending`: the gateway has accepted it; `refunded`: done */
    refundState: 'due' | 'pending' | 'refunded' | null;
    /** Amount paid; with `started`, amount due */
    amount: Money;
    /** Time of its start */
    createdAt: string | null;
    /** Time of the payment */
    paidAt: string | null;
    /** Time of the refund */
    refundedAt: string | null;
  }>;
};

export type OrderState = Order['state'];
export type Payment = Order['payments'][number];

/** A stock for sale */
export type Stock = {
  /** Stock id */
  sid: string;
  name: string;
  /** Price of a unit */
  price: Money;
  /** A former or recommended price, shown struck through; null: none */
  compareAtPrice: Money | null;
  /** Units that one order may have */
  maxPerOrder: number;
  /** The shop’s reference, such as a SKU; null: none */
  reference: string | null;
  /** Plain text; null: none */
  description: string | null;
  /** https; null: none */
  pictureUrl: string | null;
  /** Units for sale, sold ones included */
  count: number;
  /** Units sold: the active orders */
  sold: number;
  left: number;
  /** Start of the sale; null: open at once */
  opensAt: string | null;
  /** End of the sale; null: none */
  closesAt: string | null;
  /** By the database’s clock */
  state: 'upcoming' | 'open' | 'paused' | 'sold_out' | 'closed';
  /** Paused by an administrator; can also be true in state upcoming or closed */
  paused: boolean;
  /** True: an order needs an admission token (`GET /api/v1/stocks/{sid}/admission`); else missing */
  needsAdmission?: boolean;
};

/** What a buyer asks for. */
export type BuyBody = {
  /** Highest price of a unit, in the currency of the stock. Above it no unit is taken. */
  maxPrice?: Money;
  /** Units, at most `maxPerOrder` of the stock; default: 1. All of them or none */
  quantity?: number;
  /** Your own id of the order */
  reference?: string;
  /** Your own fields: texts, at most 2048 bytes as JSON */
  metadata?: Record<string, string>;
};
