import type Stripe from 'stripe';
import type { GatewayPayment, StoredPayment } from '../payment-gateway.ts';
import { fromStripeAmount } from './stripe-amounts.ts';
import type { CallOptions } from './stripe-client.ts';

type CheckoutSession = Stripe.Checkout.Session;

/** What a read of a session contains besides the session. */
export const EXPANDED = ['payment_intent.latest_charge'];

/** Reads the session of a payment: by its id, or by the payment intent. Rejects if there is none, or if it is of another payment. */
export async function readSession(
  stripe: Stripe,
  { paymentId, sessionId, chargeId }: StoredPayment,
  options: CallOptions,
): Promise<CheckoutSession> {
  const session = sessionId
    ? await stripe.checkout.sessions.retrieve(sessionId, { expand: EXPANDED }, options())
    : await findSession(stripe, chargeId, options);
  if (!session) throw new Error(`Stripe has no session of ${paymentId}`);
  if (session.client_reference_id !== paymentId) throw new Error(`the session ${session.id} is not of ${paymentId}`);
  return session;
}

/** The session that made a payment intent. */
export async function findSession(
  stripe: Stripe,
  intentId: string | null,
  options: CallOptions,
): Promise<CheckoutSession | undefined> {
  if (!intentId) return undefined;
  const expand = EXPANDED.map((path) => `data.${path}`);
  const found = await stripe.checkout.sessions.list({ payment_intent: intentId, limit: 1, expand }, options());
  return found.data[0];
}

/** What a session, read with EXPANDED, says of its payment. `readDispute` is called only if the charge is disputed. */
export async function describeSession(
  session: CheckoutSession,
  readDispute: (intentId: string) => Promise<string | null>,
): Promise<GatewayPayment> {
  const intent = expanded(session.payment_intent);
  if (session.payment_status === 'paid') {
    const orderNo = session.metadata?.orderNo;
    if (!intent || !orderNo) throw new Error(`the paid session ${session.id} has no payment intent or no order`);
    const charge = expanded(intent.latest_charge);
    const currency = intent.currency.toUpperCase();
    return {
      state: 'paid',
      orderNo,
      amountCents: fromStripeAmount(intent.amount_received, currency),
      currency,
      chargeId: intent.id,
      refundedCents: fromStripeAmount(charge?.amount_refunded ?? 0, currency),
      dispute: charge?.disputed ? await readDispute(intent.id) : null,
    };
  }
  // The bank has not decided yet, or the session does not show yet what the intent knows.
  if (intent?.status === 'processing' || intent?.status === 'succeeded') return { state: 'processing' };
  switch (session.status) {
    case 'open':
      return { state: 'open' };
    case 'expired':
      return { state: 'ended' };
    case 'complete':
      return { state: isOver(session, intent) ? 'ended' : 'processing' };
    default:
      throw new Error(`the session ${session.id} has the unknown status ${session.status}`);
  }
}

/** Whether no money comes from a complete, unpaid session: it cost nothing, or its delayed payment failed. */
function isOver(session: CheckoutSession, intent: Stripe.PaymentIntent | null): boolean {
  return (
    session.payment_status === 'no_payment_required' ||
    intent?.status === 'canceled' ||
    intent?.status === 'requires_payment_method'
  );
}

function expanded<T extends { id: string }>(value: string | T | null): T | null {
  if (typeof value === 'string') throw new Error(`Stripe did not expand ${value}`);
  return value;
}
