import type {
  NewServicePayment,
  NewServiceRefund,
  ServicePayment,
  ServiceRefunds,
} from '../../../proto/payments/http/payment-service-schemas.ts';

export type ShopPayment = ServicePayment & {
  parameters: string;
  expiresAtMs: number;
  refunds: ServiceRefunds['refunds'];
};
type RefundState = ServiceRefunds['refunds'][number]['state'];

/** An answer other than 200. */
export class ShopProblem extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`status ${status}`);
    this.status = status;
  }
}

/** The payments of a shop's own service. `changed` is called for each change that the system must hear of. */
export function createShopPayments({ nowMs, changed }: { nowMs: () => number; changed(paymentId: string): void }) {
  const payments = new Map<string, ShopPayment>();
  /** The states of the next refunds. */
  const nextRefunds: RefundState[] = [];

  function find(paymentId: string): ShopPayment {
    const payment = payments.get(paymentId);
    if (!payment) throw new ShopProblem(404);
    if (payment.state === 'open' && payment.expiresAtMs <= nowMs()) set(payment, 'ended');
    return payment;
  }

  function set(payment: ShopPayment, state: ShopPayment['state']): void {
    payment.state = state;
    changed(payment.paymentId);
  }

  function updateRefunded(payment: ShopPayment): void {
    const alive = payment.refunds.filter(({ state }) => state !== 'failed');
    payment.refundedCents = alive.reduce((sum, { amountCents }) => sum + amountCents, 0);
    changed(payment.paymentId);
  }

  return {
    payments,
    nextRefunds,
    read: find,

    create(paymentId: string, body: NewServicePayment): ShopPayment {
      const parameters = JSON.stringify(body);
      const known = payments.get(paymentId);
      if (known && known.parameters !== parameters) throw new ShopProblem(409);
      if (known) return find(paymentId);
      const payment: ShopPayment = {
        paymentId,
        orderNo: body.orderNo,
        state: 'open',
        amountCents: body.amountCents,
        currency: body.currency,
        redirectUrl: `https://payments.shop.example/pay/${paymentId}`,
        chargeId: null,
        refundedCents: 0,
        dispute: null,
        parameters,
        expiresAtMs: Date.parse(body.expiresAt),
        refunds: [],
      };
      payments.set(paymentId, payment);
      return payment;
    },
    end(paymentId: string): ShopPayment {
      const payment = find(paymentId);
      if (payment.state === 'open') set(payment, 'ended');
      return payment;
    },

    /** The buyer pays. False: the page is closed. */
    pay(paymentId: string, amountCents?: number): boolean {
      const payment = find(paymentId);
      if (payment.state !== 'open' && payment.state !== 'processing') return false;
      payment.chargeId = `bank-${paymentId}`;
      payment.amountCents = amountCents ?? payment.amountCents;
      set(payment, 'paid');
      return true;
    },
    payLater: (paymentId: string) => set(find(paymentId), 'processing'),

    refund(paymentId: string, { idempotencyKey, amountCents }: NewServiceRefund): ShopPayment {
      const payment = find(paymentId);
      if (payment.refunds.some((refund) => refund.idempotencyKey === idempotencyKey)) return payment;
      const isPossible = payment.state === 'paid' && amountCents <= payment.amountCents - payment.refundedCents;
      const state = isPossible ? (nextRefunds.shift() ?? 'refunded') : 'failed';
      const reason = state === 'failed' ? 'The bank refused the refund' : null;
      payment.refunds.unshift({ idempotencyKey, amountCents, state, reason });
      updateRefunded(payment);
      return payment;
    },
    /** A person refunds without the system. */
    refundByHand(paymentId: string, amountCents: number): void {
      const payment = find(paymentId);
      payment.refunds.unshift({ idempotencyKey: null, amountCents, state: 'refunded', reason: null });
      updateRefunded(payment);
    },
    /** The bank decides the newest refund. */
    decideRefund(paymentId: string, state: RefundState): void {
      const payment = find(paymentId);
      const [newest] = payment.refunds;
      if (!newest) throw new Error(`${paymentId} has no refund`);
      newest.state = state;
      newest.reason = state === 'failed' ? 'The account is closed' : null;
      updateRefunded(payment);
    },
    openDispute(paymentId: string): void {
      find(paymentId).dispute = 'opened';
      changed(paymentId);
    },
  };
}
