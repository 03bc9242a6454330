/**
 * The interface of a payment gateway. To add one, implement it in a folder of this one, add a case to configured/create-gateway.ts, and give
 * its events to consumer/payments: an event names a payment, which is then read from the gateway (readPayment) and settled.
 *
 * Requirements:
 * - `paymentId` is an idempotency key. A payment is charged at most once, even if its session is opened repeatedly, and refunded at most
 *   once, even if the refund is requested repeatedly.
 * - Amounts are in the smallest unit of ISO 4217. The amount and currency that were paid are compared with the price of the order.
 */
export type PaymentGateway = {
  /** Stored with its payments, and never changed: `http`, `stripe`. At most 20 letters. */
  name: string;
  /**
   * How long a session lives at least and at most. Null: the gateway has no sessions of its own (sandbox); nothing of them is stored, and
   * readPayment and endSession are null.
   */
  sessionSeconds: { least: number; most: number } | null;
  /**
   * Opens a payment page, or returns the page of the session that is open. Calls with the same session have the same result: its parameters
   * are stored before the first call and never change for a payment. Rejects if the gateway does not answer within 2 s; the buyer can retry.
   */
  openSession(session: PaymentSession): Promise<OpenedSession>;
  /** What the gateway knows of a payment. Settles within 5 s. */
  readPayment: ((payment: StoredPayment) => Promise<GatewayPayment>) | null;
  /**
   * Ends the session, so that no money can come any more, and tells what the payment is now: `ended`, or `paid` or `processing` if it was
   * too late. Settles within 5 s.
   */
  endSession: ((payment: StoredPayment) => Promise<GatewayPayment>) | null;
  /**
   * Refunds what was paid, after a look at the refunds that exist, also those that a person made at the gateway. A refund that failed there is
   * made again only with `tries` 0: the first call, or one that a person asked for. `failed`: a person must act. After a rejection the
   * refund may have been made, and the order-worker repeats it with growing pauses. Settles within 5 s.
   */
  refund(refund: PaymentRefund): Promise<RefundResult>;
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
   * The page to return to after the payment, successful or not; what was paid is read from the gateway. The gateway may add
   * `payment=declined` to the query, so that the shop shows it at once.
   */
  returnUrl: string;
  /** When the session ends by itself, milliseconds since 1970 (UTC). */
  expiresAtMs: number;
  /** The name of the goods. */
  name: string;
};

export type OpenedSession = {
  /** The payment page. A path without an origin is a page of this system. */
  redirectUrl: string;
  /** The gateway's id of the session. Null: it has none (sandbox). */
  sessionId: string | null;
};

export type StoredPayment = { paymentId: string; sessionId: string | null; chargeId: string | null };

export type GatewayPayment =
  /** `processing`: money may still come, as from an open session, but it cannot be ended. */
  | { state: 'open' | 'ended' | 'processing' }
  | {
      state: 'paid';
      orderNo: string;
      amountCents: number;
      currency: string;
      /** The gateway's id of the money; null: it needs none. */
      chargeId: string | null;
      /** What was refunded of it at the gateway, also by hand. */
      refundedCents: number;
      /** The gateway's word for the state of a dispute. Null: there is none. */
      dispute: string | null;
    };

/** The amount and currency that were paid, which may differ from those of the session. `tries`: earlier calls. */
export type PaymentRefund = StoredPayment & { amountCents: number; currency: string; tries: number };

export type RefundResult = { state: 'refunded' | 'pending' } | { state: 'failed'; reason: string };

/** The body of an event of the sandbox, in the format that Standard Webhooks recommends. */
export type GatewayEvent = {
  /** Other types are acknowledged and ignored. */
  type: 'payment.succeeded' | 'payment.failed';
  /** ISO 8601. */
  timestamp: string;
  data: { paymentId: string; orderNo: string; amountCents: number; currency: string };
};
