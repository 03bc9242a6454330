import { type Static, Type } from 'typebox';

// The messages of docs/payment-service.openapi.json, which `npm run generate` writes from these schemas. Answers may have further fields.

const cents = (description: string) =>
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description, examples: [1999] });
const currency = Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217', examples: ['EUR'] });
const orderNo = Type.String({ minLength: 1, maxLength: 100, description: 'Number of the order' });
const idempotencyKey = Type.String({
  minLength: 1,
  maxLength: 255,
  description: 'The same for every repeat of this refund',
  examples: ['pay_01JGZ5Q3C8W4T2M6N7P9R0S1V3-refund-0'],
});

/** The body of PUT /payments/{paymentId}. */
export const newPaymentSchema = Type.Object(
  {
    orderNo,
    amountCents: cents('Amount to pay, in the smallest unit of the currency, with all taxes'),
    currency,
    name: Type.String({ minLength: 1, maxLength: 500, description: 'What is sold' }),
    returnUrl: Type.String({ format: 'uri', description: 'Page to which the buyer returns, whatever the result' }),
    expiresAt: Type.String({
      format: 'date-time',
      description: 'Latest time at which the page may still take money; the system usually ends the payment earlier',
    }),
  },
  { title: 'NewPayment', additionalProperties: false },
);

/** The answer to all calls about a payment. */
export const servicePaymentSchema = Type.Object(
  {
    paymentId: Type.String({ minLength: 1, maxLength: 100 }),
    orderNo,
    state: Type.Enum(['open', 'processing', 'paid', 'ended'], {
      description: [
        'open: the page can be paid.',
        'processing: the buyer has paid and the money is not certain; it becomes paid or ended.',
        'paid: the money is there; this is final, also after a refund.',
        'ended: no money came and none can come; this is final.',
      ].join(' '),
    }),
    amountCents: cents('With state `paid`: what was paid; otherwise what is to be paid'),
    currency,
    redirectUrl: Type.String({
      pattern: '^https?://[!-~]+$',
      maxLength: 2048,
      description: 'Payment page of the buyer; the same for every repeat',
    }),
    chargeId: Type.Union([Type.String({ pattern: '^[!-~]{1,255}$' }), Type.Null()], {
      description: 'Number of the payment at your bank or provider, shown to administrators; null: none',
    }),
    refundedCents: cents('Sum of all refunds that did not fail, also of those made without this system'),
    dispute: Type.Union([Type.String({ pattern: '^[ -~]{1,40}$' }), Type.Null()], {
      description: 'State of a dispute (chargeback) in your words; null: none',
    }),
  },
  { title: 'Payment' },
);

/** The body of POST /payments/{paymentId}/refunds. */
export const newRefundSchema = Type.Object(
  { idempotencyKey, amountCents: cents('Amount to refund'), currency },
  { title: 'NewRefund', additionalProperties: false },
);

const serviceRefundSchema = Type.Object(
  {
    idempotencyKey: Type.Union([idempotencyKey, Type.Null()], {
      description: 'The key of the request; null: a refund that was made without this system',
    }),
    amountCents: cents('Amount of the refund'),
    state: Type.Enum(['refunded', 'pending', 'failed'], {
      description:
        'pending: the system asks again later. failed: the money was not returned; a person must look at it.',
    }),
    reason: Type.Union([Type.String({ minLength: 1, maxLength: 500 }), Type.Null()], {
      description: 'Why the refund failed; null: it did not',
    }),
  },
  { title: 'Refund' },
);

/** The answer to GET and POST /payments/{paymentId}/refunds. */
export const serviceRefundsSchema = Type.Object(
  {
    refunds: Type.Array(serviceRefundSchema, {
      maxItems: 100,
      description: 'All refunds of the payment, newest first',
    }),
  },
  { title: 'Refunds' },
);

/** The body of the event that your service sends to POST /api/v1/payments/webhook. */
export const paymentUpdatedSchema = Type.Object(
  {
    type: Type.Literal('payment.updated'),
    timestamp: Type.String({ format: 'date-time' }),
    data: Type.Object({ paymentId: Type.String({ pattern: '^[A-Za-z0-9_-]{1,100}$' }) }),
  },
  { title: 'PaymentUpdated' },
);

export type NewServicePayment = Static<typeof newPaymentSchema>;
export type ServicePayment = Static<typeof servicePaymentSchema>;
export type NewServiceRefund = Static<typeof newRefundSchema>;
export type ServiceRefunds = Static<typeof serviceRefundsSchema>;
