import type Stripe from 'stripe';
import { deadlines } from '../../settings/deadlines.ts';
import { parseSecretKeys } from '../../settings/secret-keys.ts';
import type { StoredPayment } from '../payment-gateway.ts';
import { findSession } from './read-session.ts';
import { createStripeClient, type StripeOptions, withStripeDeadline } from './stripe-client.ts';

/** What an event is about. Its content is not used: it may be old. */
export type StripeHint =
  | { about: 'session'; payment: StoredPayment }
  /** An event of a charge, refund or dispute names only the payment intent. */
  | { about: 'charge'; chargeId: string };

export type StripeEvents = {
  /** Null: the signature is not valid. A null hint: the event changes no payment of this system. */
  verify(body: Buffer, signature: string): { type: string; hint: StripeHint | null } | null;
  /** The payment of a hint. Null: it is not of this system. */
  findPayment(hint: StripeHint): Promise<StoredPayment | null>;
};

/** How the events of Stripe become payments to read. `secrets` is a list (parseSecretKeys): each may have signed. */
export function createStripeEvents(secrets: string, options: StripeOptions): StripeEvents {
  const stripe = createStripeClient(options);
  const keys = parseSecretKeys(secrets);

  function verified(body: Buffer, signature: string): Stripe.Event | null {
    for (const { secret } of keys) {
      try {
        return stripe.webhooks.constructEvent(body, signature, secret);
      } catch {
        // Signed by the next secret, or by none.
      }
    }
    return null;
  }

  return {
    verify(body, signature) {
      const event = verified(body, signature);
      return event && { type: event.type, hint: readHint(event) };
    },
    async findPayment(hint) {
      if (hint.about === 'session') return hint.payment;
      const { chargeId } = hint;
      return withStripeDeadline(deadlines.GATEWAY_READ.ms, async (call) => {
        const session = await findSession(stripe, chargeId, call);
        if (!session?.client_reference_id) return null;
        return { paymentId: session.client_reference_id, sessionId: session.id, chargeId };
      });
    },
  };
}

function readHint(event: Stripe.Event): StripeHint | null {
  switch (event.type) {
    case 'checkout.session.completed':
    case 'checkout.session.async_payment_succeeded':
    case 'checkout.session.async_payment_failed':
    case 'checkout.session.expired': {
      const { id: sessionId, client_reference_id: paymentId, payment_intent } = event.data.object;
      // Without it, the session is of another program that uses the same account.
      return paymentId ? { about: 'session', payment: { paymentId, sessionId, chargeId: idOf(payment_intent) } } : null;
    }
    case 'charge.refunded':
    case 'refund.created':
    case 'refund.updated':
    case 'refund.failed':
    case 'charge.dispute.created':
    case 'charge.dispute.updated':
    case 'charge.dispute.closed':
    case 'charge.dispute.funds_withdrawn':
    case 'charge.dispute.funds_reinstated': {
      const chargeId = idOf(event.data.object.payment_intent);
      return chargeId ? { about: 'charge', chargeId } : null;
    }
    default:
      return null;
  }
}

function idOf(value: string | { id: string } | null): string | null {
  return typeof value === 'string' ? value : (value?.id ?? null);
}
