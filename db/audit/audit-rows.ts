import { partitionOf } from '../../proto/kafka/partition-of.ts';
import type { Session } from '../mysql/database.ts';
import { ALL_STATES, CONFIRMED_STATES } from '../orders/order-states.ts';
import { type AuditCheck, checkRules, HAS_BUYER } from './audit-rules.ts';
import type { AuditedStock } from './audited-stock.ts';

/** Each row is consistent with its state, and paid orders have a payment. */
export function checkConfirmedRows(session: Session, stock: AuditedStock): Promise<AuditCheck> {
  const { sid, confirmed, orders } = stock;
  const hasPayment = (states: string) =>
    `EXISTS (SELECT 1 FROM payment p WHERE p.order_no = o.order_no AND p.state IN (${states}))`;
  return checkRules(session, 'confirmed_rows', {
    source: 'FROM stock_order o WHERE o.sid = ?',
    values: [sid],
    fine: `${confirmed} confirmed of ${orders} decided orders`,
    rules: [
      {
        what: 'a state that does not exist',
        wrong: `o.state NOT IN ${ALL_STATES}`,
      },
      {
        what: 'the column live does not match the state',
        wrong: `NOT (o.live <=> CASE WHEN o.state IN ('awaiting_payment', 'paid') THEN 1 END)`,
      },
      {
        what: 'paid or refunded without the time of payment',
        wrong: `o.state IN ('paid', 'refunded') AND o.paid_at IS NULL`,
      },
      {
        what: 'paid without a payment',
        wrong: `o.state = 'paid' AND o.price_cents > 0 AND NOT ${hasPayment(`'paid'`)}`,
      },
      {
        what: 'refunded without a refunded payment',
        wrong: `o.state = 'refunded' AND o.price_cents > 0 AND NOT ${hasPayment(`'refund_due', 'refunded'`)}`,
      },
      {
        what: 'a time of payment on an order that was never paid',
        wrong: `o.state NOT IN ('paid', 'refunded') AND o.paid_at IS NOT NULL`,
      },
      {
        what: 'ended without the time of the end',
        wrong: `o.state IN ('refunded', 'expired', 'cancelled') AND o.ended_at IS NULL`,
      },
      {
        what: 'a time of the end on an order that has not ended',
        wrong: `o.state NOT IN ('refunded', 'expired', 'cancelled') AND o.ended_at IS NOT NULL`,
      },
      { what: 'more units than one order may have', wrong: 'o.quantity < 1 OR o.quantity > o.max_per_order' },
      {
        what: 'units left on an order that was not refused for it',
        wrong: `o.units_left IS NOT NULL AND (o.state <> 'sold_out' OR o.units_left < 1 OR o.units_left >= o.quantity)`,
      },
      {
        what: 'awaits payment without a limit',
        wrong: `o.state = 'awaiting_payment' AND o.pay_by IS NULL AND ${HAS_BUYER}`,
      },
    ],
  });
}

/** Each order that the log decided has the position of its own record, and its own place inside it. */
export function checkLogPlaces(session: Session, { sid, orders, notByLog }: AuditedStock): Promise<AuditCheck> {
  return checkRules(session, 'log_places', {
    source: `FROM (SELECT order_no, decided_by, log_partition, log_offset,
        COUNT(*) OVER (PARTITION BY log_partition, log_offset, log_index) AS sharers FROM stock_order WHERE sid = ?) o`,
    values: [sid],
    fine: `${orders - notByLog} decided by the log, ${notByLog} without it`,
    rules: [
      {
        what: 'decided by the log, without a position',
        wrong: `o.decided_by = 'log' AND (o.log_partition IS NULL OR o.log_offset IS NULL)`,
      },
      {
        what: 'on a partition of another stock',
        wrong: `o.decided_by = 'log' AND o.log_partition <> ${partitionOf(sid)}`,
      },
      { what: 'two orders with one place', wrong: `o.decided_by = 'log' AND o.sharers > 1` },
    ],
  });
}

export function checkDuplicates(session: Session, { sid }: AuditedStock): Promise<AuditCheck> {
  return checkRules(session, 'duplicates_point_to_orders', {
    source: 'FROM stock_order o LEFT JOIN stock_order first ON first.order_no = o.live_order_no WHERE o.sid = ?',
    values: [sid],
    fine: 'each duplicate names an order of its buyer',
    rules: [
      {
        what: 'a duplicate of a missing order',
        wrong: `o.state = 'duplicate' AND first.order_no IS NULL`,
      },
      {
        what: 'a duplicate of another buyer’s or stock’s order',
        wrong: `o.state = 'duplicate' AND (first.sid <> o.sid OR first.buyer <> o.buyer)`,
      },
      {
        what: 'a duplicate of an order that was never confirmed',
        wrong: `o.state = 'duplicate' AND first.state NOT IN ${CONFIRMED_STATES}`,
      },
      {
        what: 'a reference on an order that is no duplicate',
        wrong: `o.state <> 'duplicate' AND o.live_order_no IS NOT NULL`,
      },
    ],
  });
}

/** Money is kept only for paid orders, once, and at their price. */
export function checkPayments(session: Session, { sid }: AuditedStock): Promise<AuditCheck> {
  return checkRules(session, 'payments_settled', {
    source: `FROM stock_order o JOIN stock s ON s.id = o.sid JOIN payment p ON p.order_no = o.order_no WHERE o.sid = ?`,
    values: [sid],
    fine: 'money is kept for paid orders only, once each and at the price of their units, and other money is refunded',
    rules: [
      { what: 'money kept for an order that is not paid', wrong: `p.state = 'paid' AND o.state <> 'paid'` },
      {
        what: 'paid twice',
        wrong: `p.state = 'paid' AND EXISTS (SELECT 1 FROM payment other
          WHERE other.order_no = o.order_no AND other.state = 'paid' AND other.payment_id <> p.payment_id)`,
      },
      {
        what: 'paid another amount or currency',
        wrong: `p.state = 'paid' AND NOT (p.amount_cents <=> o.price_cents * o.quantity AND p.currency <=> s.currency
          AND p.paid_cents <=> o.price_cents * o.quantity AND p.paid_currency <=> s.currency)`,
      },
      { what: 'a paid payment without its time', wrong: `p.state = 'paid' AND p.paid_at IS NULL` },
      {
        what: 'a refund without a payment',
        wrong: `p.state IN ('refund_due', 'refunded') AND (p.paid_cents IS NULL OR p.paid_currency IS NULL)`,
      },
      {
        what: 'a refund that is neither tried nor refused',
        wrong: `p.state = 'refund_due' AND p.next_try_at IS NULL AND p.refund_failure IS NULL`,
      },
      {
        what: 'expired while its payment page was open',
        wrong: `o.state = 'expired' AND p.state = 'started' AND p.session_next_at IS NOT NULL
          AND o.ended_at < o.pay_by + INTERVAL 15 MINUTE`,
      },
      { what: 'a refunded payment without its time', wrong: `p.state = 'refunded' AND p.refunded_at IS NULL` },
    ],
  });
}
