/**
 * What the system asks of whoever takes the money. To put a real gateway behind: write these two functions in a file of its
 * own here, name it in open-gateway.ts, and make the gateway send its events as Standard Webhooks (standardwebhooks.com) to
 * POST /api/v1/payments/webhook, or translate them there.
 *
 * What is relied on:
 * - `paymentId` is the key against doing things twice. A payment is charged at most once, however many sessions are opened
 *   for it, and refunded at most once, however often it is asked.
 * - Each event has an id that stays the same when the event is sent again, and is sent again until it is answered with 2xx.
 * - The event of a payment says what was really paid: amount and currency are compared with what the order costs.
 */
export type PaymentGateway = {
  /**
   * Opens a page where the buyer pays. The consumer calls it, with a buyer waiting. Rejects when the gateway gave no answer
   * within 2 s; the buyer tries again.
   */
  openSession(session: PaymentSession): Promise<{
    /** Where the buyer goes to pay. A path without an origin is one of ours. */
    redirectUrl: string;
  }>;
  /**
   * Gives money back. The order-worker calls it, again and again with growing pauses until it resolves: a rejection says
   * nothing about whether it was done. Must end within 5 s.
   */
  refund(refund: PaymentRefund): Promise<void>;
};

export type PaymentSession = {
  /** Ours: the idempotency key. */
  paymentId: string;
  orderNo: string;
  /** In the currency's smallest unit. */
  amountCents: number;
  /** ISO 4217. */
  currency: string;
  /**
   * Where the buyer goes afterwards, paid or not: the event says which. With `payment=declined` in its query the shop says at once that
   * it was declined.
   */
  returnUrl: string;
};

/** What came, which may differ from what was asked for. */
export type PaymentRefund = { paymentId: string; amountCents: number; currency: string };

/** The body of an event, in the form that Standard Webhooks recommends. */
export type GatewayEvent = {
  /** Any other type is acknowledged and ignored. */
  type: 'payment.succeeded' | 'payment.failed';
  /** ISO 8601. */
  timestamp: string;
  data: { paymentId: string; orderNo: string; amountCents: number; currency: string };
};
