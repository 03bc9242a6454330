/** An amount: a whole number in the currency's smallest unit. */
export type Money = { amount: number; currency: string };

export type Payment = {
  paymentId: string;
  state: 'started' | 'paid' | 'refund_due' | 'refunded';
  refundState: 'due' | 'pending' | 'refunded' | null;
  amount: Money;
  createdAt: string | null;
  paidAt: string | null;
  refundedAt: string | null;
};

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

export type Order = {
  orderNo: string;
  sid: string;
  name: string | null;
  state: OrderState;
  decision: string | null;
  quantity: number | null;
  unitPrice: Money | null;
  total: Money | null;
  reference: string | null;
  metadata: Record<string, string> | null;
  createdAt: string | null;
  payBy: string | null;
  secondsLeftToPay: number | null;
  paidAt: string | null;
  endedAt: string | null;
  activeOrderNo: string | null;
  payments: Payment[];
};

export type Stock = {
  sid: string;
  name: string;
  price: Money;
  count: number;
  sold: number;
  left: number;
  opensAt: string | null;
  closesAt: string | null;
  state: 'upcoming' | 'open' | 'paused' | 'sold_out' | 'closed';
  paused: boolean;
};

export type BuyBody = {
  quantity?: number;
  maxPrice?: Money;
  reference?: string;
  metadata?: Record<string, string>;
};
