import type { Database } from '../../../db/mysql/database.ts';
import { readOrders } from '../../../db/orders/order-table.ts';
import { readPaymentRecords } from '../../../db/payments/payment-table.ts';
import { type DoubtfulPayment, readDoubtfulPayments } from '../../../db/payments/read-doubtful-payments.ts';
import { settlePayment } from '../../../db/payments/settle-payment.ts';
import { askGateway } from '../../../order-worker/jobs/ask-gateway.ts';
import type { GatewayPayment, PaymentGateway } from '../../../proto/payments/payment-gateway.ts';
import { realClock } from '../../../proto/process/clock.ts';

/** What became of a payment that was in doubt. */
export type ReconciledPayment = {
  paymentId: string;
  orderNo: string;
  amountCents: number;
  currency: string;
  before: string;
  after: string;
  /** What the gateway told; null: nothing. */
  gateway: string | null;
  /** Why a person must act; null: no action is needed. */
  problem: string | null;
};

export type Reconciliation = {
  payments: ReconciledPayment[];
  /** Whether all payments in doubt were asked about. */
  complete: boolean;
};

export type ReconcileOptions = {
  database: Database;
  gateway: PaymentGateway;
  /** Of each kind of doubt. */
  limit: number;
  /** No payment is begun later, milliseconds of performance.now(). */
  untilMs: number;
  shouldStop(): boolean;
  onProgress(asked: number, all: number): void;
};

// As many as an order-worker asks about.
const AT_ONCE = 10;

/** Asks the gateway about every payment in doubt and settles it. May run beside the order-workers: what is found counts once. */
export async function reconcilePayments(options: ReconcileOptions): Promise<Reconciliation> {
  const { database, limit, untilMs, shouldStop, onProgress } = options;
  const doubtful = await database.session((session) => readDoubtfulPayments(session, limit));
  const payments: ReconciledPayment[] = [];
  for (let i = 0; i < doubtful.length; i += AT_ONCE) {
    if (shouldStop() || performance.now() >= untilMs) return { payments, complete: false };
    const batch = doubtful.slice(i, i + AT_ONCE);
    payments.push(...(await Promise.all(batch.map((payment) => reconcile(options, payment)))));
    onProgress(payments.length, doubtful.length);
  }
  return { payments, complete: doubtful.length < limit };
}

async function reconcile(
  { database, gateway }: ReconcileOptions,
  payment: DoubtfulPayment,
): Promise<ReconciledPayment> {
  const { paymentId, orderNo, amountCents, currency, state, sessionId } = payment;
  const about = { paymentId, orderNo, amountCents, currency, before: state };
  try {
    if (payment.gateway !== null && payment.gateway !== gateway.name) {
      throw new Error(`its gateway is ${payment.gateway}, not ${gateway.name}`);
    }
    const [order] = await database.session((session) => readOrders(session, [orderNo]));
    const found = await askGateway(gateway, realClock, payment, order);
    const settled = found && (await settlePayment(database, { gateway: gateway.name, paymentId, sessionId, found }));
    const isForeign = settled?.recorded?.outcome === 'NO_PAYMENT';
    const records = await database.session((session) => readPaymentRecords(session, [orderNo]));
    const now = records.find((record) => record.paymentId === paymentId);
    const refusal = now?.refundFailure ? `the gateway refuses the refund: ${now.refundFailure}` : null;
    const problem = isForeign ? 'its money belongs to another order' : refusal;
    return { ...about, after: now?.state ?? state, gateway: found && describe(found), problem };
  } catch (error) {
    return { ...about, after: state, gateway: null, problem: `not asked: ${(error as Error).message}` };
  }
}

function describe(found: GatewayPayment): string {
  if (found.state !== 'paid') return found.state;
  const returned = found.refundedCents > 0 ? `, ${found.refundedCents} refunded` : '';
  return `paid ${found.amountCents} ${found.currency}${returned}${found.dispute ? `, dispute ${found.dispute}` : ''}`;
}
