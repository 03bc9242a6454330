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

export const SESSION_SECONDS = { least: 30, most: 86_400 };

/** A payment gateway with sessions. It throws where a caller breaks what a real one demands. */
export function createSimulatedGateway(nowMs: () => number): SimulatedGateway {
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
      throw new Error(`payment ${session.paymentId} is repeated with other parameters`);
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
    if (tries > 0 && account.refunds > 0 && gateway.refundsEnd.state !== 'refunded') return gateway.refundsEnd;
    account.refunds += 1;
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
        if (account.state === 'open') account.state = 'ended';
        return describe(account);
      },
      refund: async (request) => refund(request),
    },
    pay(paymentId) {
      const account = accountOf(paymentId);
      if (account.state !== 'open' && account.state !== 'processing') return false;
      account.state = 'paid';
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
