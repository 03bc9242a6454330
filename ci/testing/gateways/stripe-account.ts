import { randomBytes } from 'node:crypto';
import { type Form, textAt } from './stripe-form.ts';
import { readNewSession } from './stripe-new-session.ts';
import { invalidParameters, notFound, refused } from './stripe-problem.ts';

export type TestSession = {
  id: string;
  object: 'checkout.session';
  status: 'open' | 'complete' | 'expired';
  payment_status: 'unpaid' | 'paid';
  url: string | null;
  client_reference_id: string;
  metadata: Record<string, string>;
  amount_total: number;
  currency: string;
  expires_at: number;
  payment_intent: string | null;
};
export type TestIntent = {
  id: string;
  object: 'payment_intent';
  status: 'processing' | 'succeeded' | 'requires_payment_method';
  amount: number;
  amount_received: number;
  currency: string;
  metadata: Record<string, string>;
  latest_charge: string | null;
};
export type TestCharge = {
  id: string;
  object: 'charge';
  payment_intent: string;
  amount: number;
  amount_refunded: number;
  refunded: boolean;
  currency: string;
  disputed: boolean;
};
export type RefundStatus = 'succeeded' | 'pending' | 'requires_action' | 'failed' | 'canceled';
export type TestRefund = {
  id: string;
  object: 'refund';
  payment_intent: string;
  charge: string;
  amount: number;
  currency: string;
  status: RefundStatus;
  failure_reason: string | null;
  metadata: Record<string, string>;
};
export type TestDispute = { id: string; object: 'dispute'; payment_intent: string; status: string };

export type StripeAccount = ReturnType<typeof createStripeAccount>;

const isAlive = ({ status }: TestRefund) => status !== 'failed' && status !== 'canceled';

/**
 * The objects of one account: sessions, payment intents, charges, refunds and disputes, with the transitions that Stripe documents. `emit`
 * takes the events.
 */
export function createStripeAccount({
  nowMs,
  emit,
}: {
  nowMs: () => number;
  emit(type: string, object: object): void;
}) {
  const sessions = new Map<string, TestSession>();
  const intents = new Map<string, TestIntent>();
  const charges = new Map<string, TestCharge>();
  const refunds = new Map<string, TestRefund>();
  const disputes: TestDispute[] = [];
  /** The status of the next refunds. */
  const nextRefunds: RefundStatus[] = [];

  function find<T>(objects: Map<string, T>, id: string | null, what: string): T {
    const object = objects.get(id ?? '');
    if (!object) throw notFound(`${what}: '${id}'`);
    return object;
  }

  function sessionNow(id: string): TestSession {
    const session = find(sessions, id, 'checkout.session');
    if (session.status === 'open' && session.expires_at * 1000 <= nowMs()) expire(session);
    return session;
  }

  function expire(session: TestSession): void {
    session.status = 'expired';
    session.url = null;
    emit('checkout.session.expired', session);
  }

  function chargeOf(intentId: string): TestCharge {
    return find(charges, find(intents, intentId, 'payment_intent').latest_charge, 'charge');
  }

  function collect(session: TestSession): void {
    const intent = find(intents, session.payment_intent, 'payment_intent');
    const charge: TestCharge = {
      id: newId('ch'),
      object: 'charge',
      payment_intent: intent.id,
      amount: intent.amount,
      amount_refunded: 0,
      refunded: false,
      currency: intent.currency,
      disputed: false,
    };
    charges.set(charge.id, charge);
    Object.assign(intent, { status: 'succeeded', amount_received: intent.amount, latest_charge: charge.id });
    session.payment_status = 'paid';
  }

  /** The buyer fills in the page. Null: the page is closed. */
  function complete(id: string): TestSession | null {
    const session = sessionNow(id);
    if (session.status !== 'open') return null;
    const { amount_total: amount, currency, metadata } = session;
    const intent: TestIntent = {
      id: newId('pi'),
      object: 'payment_intent',
      status: 'processing',
      amount,
      amount_received: 0,
      currency,
      metadata,
      latest_charge: null,
    };
    intents.set(intent.id, intent);
    Object.assign(session, { status: 'complete', url: null, payment_intent: intent.id });
    return session;
  }

  function updateCharge(charge: TestCharge): void {
    const alive = [...refunds.values()].filter((refund) => refund.charge === charge.id && isAlive(refund));
    charge.amount_refunded = alive.reduce((sum, { amount }) => sum + amount, 0);
    charge.refunded = charge.amount_refunded === charge.amount;
  }

  return {
    sessions,
    charges,
    refunds,
    nextRefunds,
    intents,

    createSession(form: Form): TestSession {
      const { amount, currency, expiresAt, paymentId, metadata } = readNewSession(form, nowMs());
      const id = newId('cs_test');
      const session: TestSession = {
        id,
        object: 'checkout.session',
        status: 'open',
        payment_status: 'unpaid',
        url: `https://checkout.stripe.com/c/pay/${id}`,
        client_reference_id: paymentId,
        metadata,
        amount_total: amount,
        currency,
        expires_at: expiresAt,
        payment_intent: null,
      };
      sessions.set(id, session);
      return session;
    },
    readSession: sessionNow,
    findSessions: (intentId: string) =>
      [...sessions.values()].filter(({ payment_intent }) => payment_intent === intentId),
    expireSession(id: string): TestSession {
      const session = sessionNow(id);
      if (session.status !== 'open') {
        throw refused(
          `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of \`${session.status}\`.`,
        );
      }
      expire(session);
      return session;
    },

    /** The buyer pays by card. False: the page is closed. */
    pay(id: string): boolean {
      const session = complete(id);
      if (!session) return false;
      collect(session);
      emit('checkout.session.completed', session);
      return true;
    },
    /** The buyer pays by a method that needs days. */
    payLater(id: string): void {
      const session = complete(id);
      if (session) emit('checkout.session.completed', session);
    },
    /** Such a payment succeeds or fails. */
    decide(id: string, succeeds: boolean): void {
      const session = sessionNow(id);
      if (succeeds) collect(session);
      else find(intents, session.payment_intent, 'payment_intent').status = 'requires_payment_method';
      emit(`checkout.session.async_payment_${succeeds ? 'succeeded' : 'failed'}`, session);
    },

    createRefund(form: Form): TestRefund {
      const intentId = textAt(form, 'payment_intent');
      const amount = Number(textAt(form, 'amount'));
      if (!intentId || !Number.isSafeInteger(amount) || amount < 1) throw invalidParameters('Invalid refund');
      const charge = chargeOf(intentId);
      if (charge.disputed) throw refused('This charge is disputed and cannot be refunded', 'charge_disputed');
      if (charge.refunded) throw refused(`Charge ${charge.id} has already been refunded.`, 'charge_already_refunded');
      if (amount > charge.amount - charge.amount_refunded)
        throw refused('Refund amount is greater than unrefunded amount');
      const status = nextRefunds.shift() ?? 'succeeded';
      const refund: TestRefund = {
        id: newId('re'),
        object: 'refund',
        payment_intent: intentId,
        charge: charge.id,
        amount,
        currency: charge.currency,
        status,
        failure_reason: status === 'failed' ? 'expired_or_canceled_card' : null,
        metadata: (form.metadata ?? {}) as Record<string, string>,
      };
      refunds.set(refund.id, refund);
      updateCharge(charge);
      emit('refund.created', refund);
      if (isAlive(refund)) emit('charge.refunded', charge);
      return refund;
    },
    /** Newest first. */
    findRefunds: (intentId: string) =>
      [...refunds.values()].filter(({ payment_intent }) => payment_intent === intentId).reverse(),
    /** The bank decides a refund. */
    changeRefund(id: string, status: RefundStatus): void {
      const refund = find(refunds, id, 'refund');
      Object.assign(refund, { status, failure_reason: status === 'failed' ? 'lost_or_stolen_card' : null });
      updateCharge(find(charges, refund.charge, 'charge'));
      emit(status === 'failed' ? 'refund.failed' : 'refund.updated', refund);
    },

    openDispute(intentId: string, status = 'needs_response'): void {
      chargeOf(intentId).disputed = true;
      const dispute: TestDispute = { id: newId('du'), object: 'dispute', payment_intent: intentId, status };
      disputes.unshift(dispute);
      emit('charge.dispute.created', dispute);
    },
    findDisputes: (intentId: string) => disputes.filter(({ payment_intent }) => payment_intent === intentId),
  };
}

function newId(prefix: string): string {
  return `${prefix}_${randomBytes(12).toString('hex')}`;
}
