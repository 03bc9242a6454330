import Stripe from 'stripe';
import { deadlines } from '../../settings/deadlines.ts';
import type { GatewayPayment, PaymentGateway, PaymentSession, StoredPayment } from '../payment-gateway.ts';
import { describeSession, EXPANDED, readSession } from './read-session.ts';
import { refundCharge } from './refund-charge.ts';
import { toStripeAmount } from './stripe-amounts.ts';
import {
  type CallOptions,
  createStripeClient,
  createWithKey,
  type StripeOptions,
  withStripeDeadline,
} from './stripe-client.ts';

/** Part of the idempotency key of a session: change it when sessionParams changes, because Stripe refuses a key with other parameters. */
const PARAMS_VERSION = 1;

/** Checkout Sessions of Stripe. A session is the payment page, its payment intent the charge. */
export function createStripeGateway(options: StripeOptions): PaymentGateway {
  const stripe = createStripeClient(options);

  function describe(session: Stripe.Checkout.Session, call: CallOptions): Promise<GatewayPayment> {
    return describeSession(session, async (payment_intent) => {
      const { data } = await stripe.disputes.list({ payment_intent, limit: 1 }, call());
      return data[0]?.status ?? null;
    });
  }

  const read = async (payment: StoredPayment, call: CallOptions) =>
    describe(await readSession(stripe, payment, call), call);

  return {
    name: 'stripe',
    // Stripe: 30 minutes to 24 hours after the creation. The rest is for repeats and for clocks that differ.
    sessionSeconds: { least: 32 * 60, most: 24 * 3600 - 5 * 60 },

    openSession(session) {
      return withStripeDeadline(deadlines.GATEWAY_OPEN.ms, async (call) => {
        // A second session does no harm: a buyer sees only the page of the session that is stored.
        const { id, url } = await createWithKey(`${session.paymentId}-${PARAMS_VERSION}`, (idempotencyKey) => {
          const { timeout } = call();
          return stripe.checkout.sessions.create(sessionParams(session), { idempotencyKey, timeout });
        });
        if (!url) throw new Error(`the session ${id} has no page`);
        return { redirectUrl: url, sessionId: id };
      });
    },

    readPayment: (payment) => withStripeDeadline(deadlines.GATEWAY_READ.ms, (call) => read(payment, call)),

    endSession(payment) {
      return withStripeDeadline(deadlines.GATEWAY_END.ms, async (call) => {
        if (!payment.sessionId) throw new Error(`no session of ${payment.paymentId} is known`);
        try {
          const ended = await stripe.checkout.sessions.expire(payment.sessionId, { expand: EXPANDED }, call());
          return await describe(ended, call);
        } catch (error) {
          // Stripe expires only an open session: this one is paid or has expired before.
          if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
          const now = await read(payment, call);
          if (now.state === 'open') throw error;
          return now;
        }
      });
    },

    refund: (refund) => withStripeDeadline(deadlines.GATEWAY_REFUND.ms, (call) => refundCharge(stripe, refund, call)),
  };
}

/** The parameters depend on the stored session alone: they are the same for every repeat. */
function sessionParams(session: PaymentSession): Stripe.Checkout.SessionCreateParams {
  const { paymentId, orderNo, amountCents, currency, returnUrl, expiresAtMs, name } = session;
  const metadata = { paymentId, orderNo };
  return {
    mode: 'payment',
    // Cards, and the wallets that pay by card, such as Apple Pay and Google Pay.
    allowed_payment_method_types: ['card'],
    line_items: [
      {
        quantity: 1,
        price_data: {
          currency: currency.toLowerCase(),
          unit_amount: toStripeAmount(amountCents, currency),
          tax_behavior: 'inclusive',
          product_data: { name },
        },
      },
    ],
    automatic_tax: { enabled: false },
    allow_promotion_codes: false,
    // Otherwise the buyer could pay in another currency.
    adaptive_pricing: { enabled: false },
    client_reference_id: paymentId,
    metadata,
    payment_intent_data: { capture_method: 'automatic', metadata },
    success_url: returnUrl,
    cancel_url: returnUrl,
    expires_at: Math.floor(expiresAtMs / 1000),
  };
}
