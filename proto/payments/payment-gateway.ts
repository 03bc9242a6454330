/**
 * The interface of a payment gateway. To add one, implement these two functions in a file of this folder, add a case to createGateway in
 * gateway.ts, and let the gateway send its events as Standard Webhooks (standardwebhooks.com) to POST /api/v1/payments/webhook, or translate
 * them there.
 *
 * Requirements:
 * - `paymentId` is an idempotency key. A payment is charged at most once, even if several sessions are opened for it, and refunded at most
 *   once, even if the refund is requested repeatedly.
 * - The id of an event stays the same when the event is sent again. An event is sent again until the response is 2xx.
 * - The event of a payment contains the amount and currency that were paid. They are compared with the price of the order.
 */
export type PaymentGateway = {
  /**
   * Opens a payment page. The consumer calls it while the buyer waits. Must reject if the gateway does not answer within 2 s; the buyer can
   * retry.
   */
  openSession(session: PaymentSession): Promise<{
    /** The payment page. A path without an origin is a page of this system. */
    redirectUrl: string;
  }>;
  /**
   * Refunds a payment. The order-worker repeats it with increasing pauses until it resolves: after a rejection the refund may have been made.
   * Must settle within 5 s.
   */
  refund(refund: PaymentRefund): Promise<void>;
};

export type PaymentSession = {
  /** The idempotency key, created by this system. */
  paymentId: string;
  orderNo: string;
  /** In the smallest unit of the currency. */
  amountCents: number;
  /** ISO 4217. */
  currency: string;
  /**
   * The page to return to after the payment, successful or not; the event has the result. The gateway may add `payment=declined` to the query,
   * so that the shop shows it at once.
   */
  returnUrl: string;
};

/** The amount and currency that were paid, which may differ from those of the session. */
export type PaymentRefund = { paymentId: string; amountCents: number; currency: string };

/** The body of an event, in the format that Standard Webhooks recommends. */
export type GatewayEvent = {
  /** Other types are acknowledged and ignored. */
  type: 'payment.succeeded' | 'payment.failed';
  /** ISO 8601. */
  timestamp: string;
  data: { paymentId: string; orderNo: string; amountCents: number; currency: string };
};
