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
  /** `rush`: first come, first served; `draw`: units are offered in the sequence of a draw; `line`: as `draw`, and later buyers stand behind it */
  mode: 'rush' | 'draw' | 'line';
  /** From when buyers may enter the draw; null: no draw */
  entriesOpenAt: string | null;
  /** Until when buyers may enter the draw; null: no draw */
  entriesCloseAt: string | null;
  /** The line for units that return or are still to be offered; null: none */
  line: {
    /** `open`: buyers may join; `waiting`: buyers wait, and others may join; `ended`: the sale has closed */
    state: 'open' | 'waiting' | 'ended';
  } | null;
  /** By the database’s clock */
  state: 'upcoming' | 'open' | 'paused' | 'sold_out' | 'closed';
  /** Paused by an administrator; can also be true in state upcoming or closed */
  paused: boolean;
  /** True: an order needs an admission token (`GET /api/v1/stocks/{sid}/admission`); else missing */
  needsAdmission?: boolean;
};

/** A buyer’s entry into the draw or the line of a stock */
export type Entry = {
  /** Stock id */
  sid: string;
  /** `waiting`: its turn is still to come; `offered`: it had its turn, see `orderNo`; `left`: its buyer left, or had an active order when its turn came */
  state: 'waiting' | 'offered' | 'left';
  /** When the buyer entered */
  enteredAt: string;
  /** From 1; null: the draw is still to come */
  place: number | null;
  /** At most so many entries wait before it; null: not known */
  ahead: number | null;
  /** When the places are expected to be drawn; null: they are drawn */
  knownAt: string | null;
  /** The order of the offer; null: none */
  orderNo: string | null;
  /** Proves the entry, also without the shop (docs/draw-protocol.md). Keep it, and show it to nobody; null: the entry is in no draw */
  ticket: {
    /** SHA-256 of the rules of the draw */
    drawId: string;
    /** The id of the entry, as the public file lists it */
    entryId: string;
    /** Keep it: with it the buyer can prove which entry is his */
    salt: string;
    /** Ed25519 of the shop over the draw and the entry */
    signature: string;
  } | null;
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
