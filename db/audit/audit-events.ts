import type { Session } from '../mysql/database.ts';
import { CONFIRMED_STATES } from '../orders/order-states.ts';
import { MIN_KEPT_DAYS } from '../stocks/purge-rules.ts';
import { type AuditCheck, checkRules, HAS_BUYER } from './audit-rules.ts';
import type { AuditedStock } from './audited-stock.ts';

/**
 * Promises 2 and 3. An event is written with the change that it describes, so it reveals an order that was confirmed and no longer is. The
 * events `confirmed` of the orders that the log decided are mostly on the event topic only, which ci/ops/audit compares. The order numbers
 * of a stock begin with its id, so its events are one range of their key.
 */
export function checkNeverTakenBack(session: Session, { sid }: AuditedStock): Promise<AuditCheck> {
  return checkRules(session, 'never_taken_back', {
    source: `FROM (
        SELECT e.order_no, o.state, o.sid, o.buyer, o.pay_by, o.ended_at, e.sid AS told_sid, e.buyer AS told_buyer
        FROM order_event e LEFT JOIN stock_order o ON o.order_no = e.order_no WHERE e.order_no LIKE ?) o`,
    values: [`${sid}-%`],
    fine: 'each order with an event still exists, and ended by the rules or not at all',
    rules: [
      { what: 'confirmed, but its row is missing', wrong: 'o.state IS NULL' },
      { what: 'confirmed, but refused now', wrong: `o.state NOT IN ${CONFIRMED_STATES}` },
      { what: 'confirmed for another buyer or stock', wrong: 'o.sid <> o.told_sid OR o.buyer <> o.told_buyer' },
      {
        what: 'expired before its time',
        wrong: `o.state = 'expired' AND (o.pay_by IS NULL OR o.ended_at < o.pay_by)`,
      },
    ],
  });
}

/**
 * Ladder orders have no events. The purge deletes published events, so only changes after the latest possible purge are checked. Whether
 * what the log confirmed is on the event topic, ci/ops/audit compares.
 */
export function checkEventsComplete(session: Session, { sid }: AuditedStock): Promise<AuditCheck> {
  const missing = (type: string, happenedAt: string) =>
    `${happenedAt} > NOW(3) - INTERVAL ${MIN_KEPT_DAYS - 1} DAY AND NOT EXISTS (SELECT 1 FROM order_event e WHERE e.order_no = o.order_no AND e.type = '${type}'
       AND e.sid = o.sid AND e.buyer = o.buyer AND e.price_cents = o.price_cents)`;
  return checkRules(session, 'events_complete', {
    source: `FROM stock_order o WHERE o.sid = ? AND ${HAS_BUYER} AND o.state IN ${CONFIRMED_STATES}`,
    values: [sid],
    fine: 'each confirmed order and each change of it has its event',
    rules: [
      { what: 'no event confirmed', wrong: `o.decided_by <> 'log' AND ${missing('confirmed', 'o.create_time')}` },
      { what: 'no event offer_made', wrong: `o.decided_by = 'offer' AND ${missing('offer_made', 'o.create_time')}` },
      { what: 'no event paid', wrong: missing('paid', 'o.paid_at') },
      {
        what: 'no event offer_expired',
        wrong: `o.decided_by = 'offer' AND o.state = 'expired' AND ${missing('offer_expired', 'o.ended_at')}`,
      },
      ...(['refunded', 'expired', 'cancelled'] as const).map((type) => ({
        what: `no event ${type}`,
        wrong: `o.state = '${type}' AND ${missing(type, 'o.ended_at')}`,
      })),
    ],
  });
}

export function checkEventsTrue(session: Session, { sid }: AuditedStock): Promise<AuditCheck> {
  return checkRules(session, 'events_true', {
    source: 'FROM stock_order o JOIN order_event e ON e.order_no = o.order_no WHERE o.sid = ?',
    values: [sid],
    fine: 'each event matches its order',
    rules: [
      { what: 'an event of an order that was refused', wrong: `o.state NOT IN ${CONFIRMED_STATES}` },
      {
        what: 'an event of another stock, buyer or price',
        wrong: 'e.sid <> o.sid OR e.buyer <> o.buyer OR e.price_cents <> o.price_cents',
      },
      {
        what: 'an event of an offer of an order that is none',
        wrong: `e.type IN ('offer_made', 'offer_expired') AND o.decided_by <> 'offer'`,
      },
      {
        what: 'an event offer_expired of an order that was not',
        wrong: `e.type = 'offer_expired' AND o.state <> 'expired'`,
      },
      { what: 'an event paid of an unpaid order', wrong: `e.type = 'paid' AND o.paid_at IS NULL` },
      ...(['refunded', 'expired', 'cancelled'] as const).map((type) => ({
        what: `an event ${type} of an order that was not`,
        wrong: `e.type = '${type}' AND o.state <> '${type}'`,
      })),
    ],
  });
}
