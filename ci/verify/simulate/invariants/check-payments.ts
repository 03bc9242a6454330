import type { Fields } from '../servers/database/evaluate-expression.ts';
import type { Change } from '../servers/database/transactions.ts';
import type { CheckOptions } from './check-options.ts';

/** Checks the payments that a COMMIT changed: their amounts, and that each order has one at a time. */
export function checkPayments({ database, fail }: Pick<CheckOptions, 'database' | 'fail'>): (change: Change) => void {
  const startedOf = new Map<unknown, number>();
  const paidOf = new Map<unknown, number>();

  function count(of: Map<unknown, number>, { before, after }: Change, states: string[]): number {
    const orderNo = (after ?? before)?.order_no;
    // One whose session has ended brings no money any more.
    const isIn = (fields: Fields | null) =>
      Number(fields !== null && fields.session_ended_at === null && states.includes(String(fields.state)));
    const payments = (of.get(orderNo) ?? 0) + isIn(after) - isIn(before);
    of.set(orderNo, payments);
    return payments;
  }

  return (change) => {
    const payment = change.after;
    if (!payment) return fail('a payment is never deleted', `${change.before?.payment_id} has no row`);
    const { payment_id: id, order_no: orderNo, amount_cents: amount, paid_cents: paid, state } = payment;
    const order = database.rowOf('stock_order', String(orderNo));
    const due = Number(order?.price_cents) * Number(order?.quantity);
    if (amount !== due) {
      fail('a payment has the amount of its order', `${id} of ${orderNo}: ${amount}, the order ${due}`);
    }
    if (state === 'paid' && (paid !== amount || order?.state !== 'paid')) {
      fail('a paid payment paid its order', `${id}: ${paid} of ${amount}, ${orderNo} is ${order?.state}`);
    }
    if (count(startedOf, change, ['started']) > 1) fail('one started payment of an order', `${orderNo} has two`);
    if (count(paidOf, change, ['paid']) > 1) fail('no order is paid twice', `${orderNo} has two paid payments`);
  };
}
