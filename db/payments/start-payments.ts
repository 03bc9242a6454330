import { ulid } from 'ulid';
import { randomFraction } from '../../proto/messages/random-fraction.ts';
import type { Database, Session } from '../mysql/database.ts';
import { realPace, repeatTransaction } from '../mysql/repeat-transaction.ts';
import { isLadderOrder } from '../orders/decide-batch.ts';
import { amountDue, lockOrders, type Order } from '../orders/order-table.ts';
import { insertPayments, type SessionParameters } from './payment-table.ts';
import { readStartedPayments, type StartedPayment } from './session-table.ts';

/** `session`: what the consumer asks for. Absent: its gateway has no sessions of its own. */
export type PaymentStart = { orderNo: string; buyer: string; session?: SessionStart };
export type SessionStart = { gateway: string; returnUrl: string; leastSeconds: number; mostSeconds: number };

export type PaymentStarted =
  | { outcome: 'STARTED'; payment: StartedPayment; order: Order }
  | { outcome: 'NOT_PAYABLE'; order: Order }
  | { outcome: 'NO_ORDER' };

/** A session that was not stored is opened again within this time after its payment was started. */
const REPEAT_SECONDS = 30;

/** The started payment of a buyer's order, or a new one. */
export async function startPayment(database: Database, start: PaymentStart, pace = realPace): Promise<PaymentStarted> {
  const run = (session: Session) => startPayments(session, [start], 'wait');
  const [started] = await repeatTransaction(database, run, pace);
  return started ?? { outcome: 'NO_ORDER' };
}

/**
 * Starts payments in one transaction, each as if it were alone and in the order of the list. Null: the order is unknown, or `skip` was
 * given and another transaction has locked it. A new payment is stored with the parameters of its session.
 */
export async function startPayments(
  session: Session,
  starts: PaymentStart[],
  whenLocked: 'wait' | 'skip',
  newId = () => `pay_${ulid(undefined, randomFraction)}`,
): Promise<(PaymentStarted | null)[]> {
  const locked = await lockOrders(session, [...new Set(starts.map(({ orderNo }) => orderNo))], whenLocked);
  const orders = new Map(locked.map((order) => [order.orderNo, order]));
  const known = await readStartedPayments(session, [...orders.keys()]);
  const paymentsOf = Map.groupBy(known, ({ orderNo }) => orderNo);
  const fresh: StartedPayment[] = [];

  function paymentOf(order: Order, start: PaymentStart): StartedPayment {
    const payments = paymentsOf.get(order.orderNo) ?? [];
    const used = payments.find((payment) => isUsable(payment, start, order.readAtMs));
    if (used) return used;
    const { orderNo, currency } = order;
    const parameters = start.session ? sessionParameters(order, start.session) : null;
    const amount = { amountCents: amountDue(order), currency };
    const payment = { paymentId: newId(), orderNo, ...amount, session: parameters, kept: null, endedAtMs: null };
    fresh.push(payment);
    paymentsOf.set(orderNo, [...payments, payment]);
    return payment;
  }

  const answers = starts.map((start): PaymentStarted | null => {
    const order = orders.get(start.orderNo);
    if (!order) return null;
    if (order.buyer !== start.buyer || isLadderOrder(order)) return { outcome: 'NO_ORDER' };
    if (!isPayable(order)) return { outcome: 'NOT_PAYABLE', order };
    return { outcome: 'STARTED', payment: paymentOf(order, start), order };
  });
  await insertPayments(session, fresh);
  return answers;
}

/** A session lives until the order expires, within the limits of the gateway: at `pay_by` the order-worker ends it. */
function sessionParameters({ payByMs, readAtMs }: Order, start: SessionStart): SessionParameters {
  const { gateway, returnUrl, leastSeconds, mostSeconds } = start;
  const latestMs = readAtMs + mostSeconds * 1000;
  const untilMs = Math.max(readAtMs + leastSeconds * 1000, Math.min(payByMs ?? latestMs, latestMs));
  return { gateway, returnUrl, untilMs };
}

/**
 * Whether the payment can still be paid. One whose session was not stored must still have a life that its gateway accepts. No buyer has seen
 * the page of an unstored session, so such a payment can be left.
 */
function isUsable({ session, kept, endedAtMs }: StartedPayment, start: PaymentStart, nowMs: number): boolean {
  if ((session?.gateway ?? null) !== (start.session?.gateway ?? null)) return false;
  if (!session || !start.session) return true;
  if (endedAtMs !== null) return false;
  const neededMs = kept ? 0 : (start.session.leastSeconds - REPEAT_SECONDS) * 1000;
  return session.untilMs > nowMs + neededMs;
}

/** Whether the order awaits payment and is not over. The caller has locked it. */
export function isPayable({ state, payByMs, readAtMs }: Order): boolean {
  const isOver = payByMs !== null && payByMs <= readAtMs;
  return state === 'awaiting_payment' && !isOver;
}
