import type {
  GatewayPayment,
  PaymentGateway,
  PaymentRefund,
  PaymentSession,
  RefundResult,
} from '../../../../../proto/payments/payment-gateway.ts';

/** A session at the gateway, with the money that came by it. */
export type GatewayAccount = {
  session: PaymentSession;
  sessionId: string;
  state: 'open' | 'ended' | 'processing' | 'paid';
  refundedCents: number;
  /** Refunds that were created, also by hand. */
  refunds: number;
  dispute: string | null;
};

export type SimulatedGateway = {
  /** Its calls, which take effect at once. */
  api: PaymentGateway;
  accounts: ReadonlyMap<string, GatewayAccount>;
  /** The buyer pays. False: the session has ended, or was paid before. */
  pay(paymentId: string): boolean;
  /** The money is on its way; `pay` brings it. */
  process(paymentId: string): void;
  /** A refund by hand. */
  refundByHand(paymentId: string, cents: number): void;
  /** What a refund that is created next results in. */
  refundsEnd: RefundResult;
};

export type SimulatedGatewayOptions = {
  onViolation?(detail: string): void;
  onChange?(paymentId: string): void;
};

function fail(detail: string): never {
  throw new Error(detail);
}

export const SESSION_SECONDS = { least: 30, most: 86_400 };

/**
 * A payment gateway with sessions. `onViolation` is called where a caller breaks what a real one demands; `onChange` when it would send an
 * event.
 */
export function createSimulatedGateway(
  nowMs: () => number,
  { onViolation = fail, onChange = () => undefined }: SimulatedGatewayOptions = {},
): SimulatedGateway {
  const accounts = new Map<string, GatewayAccount>();

  function accountOf(paymentId: string): GatewayAccount {
    const account = accounts.get(paymentId);
    if (!account) throw new Error(`no payment ${paymentId}`);
    if (account.state === 'open' && account.session.expiresAtMs <= nowMs()) account.state = 'ended';
    return account;
  }

  function describe({ session, sessionId, state, refundedCents, dispute }: GatewayAccount): GatewayPayment {
    if (state !== 'paid') return { state };
    const { orderNo, amountCents, currency } = session;
    return { state, orderNo, amountCents, currency, chargeId: `charge-${sessionId}`, refundedCents, dispute };
  }

  function open(session: PaymentSession): GatewayAccount {
    const known = accounts.get(session.paymentId);
    if (known && JSON.stringify(known.session) !== JSON.stringify(session)) {
      onViolation(`payment ${session.paymentId} is repeated with other parameters`);
    }
    if (known) return known;
    const sessionId = `session-${session.paymentId}`;
    const account = { session, sessionId, state: 'open' as const, refundedCents: 0, refunds: 0, dispute: null };
    accounts.set(session.paymentId, account);
    return account;
  }

  function refund({ paymentId, amountCents, tries }: PaymentRefund): RefundResult {
    const account = accountOf(paymentId);
    if (account.state !== 'paid') throw new Error(`payment ${paymentId} is not paid`);
    if (account.refundedCents >= amountCents) return { state: 'refunded' };
    if (account.session.amountCents !== amountCents)
      onViolation(`payment ${paymentId} is refunded with ${amountCents}`);
    const isKnown = tries > 0 && account.refunds > 0;
    if (!isKnown) account.refunds += 1;
    if (account.refunds > 1) onViolation(`payment ${paymentId} is refunded twice`);
    if (gateway.refundsEnd.state === 'refunded') account.refundedCents += amountCents;
    return gateway.refundsEnd;
  }

  const gateway: SimulatedGateway = {
    accounts,
    refundsEnd: { state: 'refunded' },
    api: {
      name: 'simulated',
      sessionSeconds: SESSION_SECONDS,
      async openSession(session) {
        const { sessionId } = open(session);
        return { redirectUrl: `https://pay.example/${sessionId}`, sessionId };
      },
      readPayment: async ({ paymentId }) => describe(accountOf(paymentId)),
      async endSession({ paymentId }) {
        const account = accountOf(paymentId);
        if (account.state === 'open') {
          account.state = 'ended';
          onChange(paymentId);
        }
        return describe(account);
      },
      refund: async (request) => refund(request),
    },
    pay(paymentId) {
      const account = accountOf(paymentId);
      if (account.state !== 'open' && account.state !== 'processing') return false;
      account.state = 'paid';
      onChange(paymentId);
      return true;
    },
    process(paymentId) {
      const account = accountOf(paymentId);
      if (account.state === 'open') account.state = 'processing';
    },
    refundByHand(paymentId, cents) {
      const account = accountOf(paymentId);
      account.refundedCents += cents;
      account.refunds += 1;
    },
  };
  return gateway;
}
