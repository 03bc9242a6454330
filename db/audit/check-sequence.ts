import type { Session } from '../mysql/database.ts';
import { CONFIRMED_STATES, TERMS_STATES } from '../orders/order-states.ts';
import { type AuditCheck, checked, selectRows, skipped } from './audit-rules.ts';
import type { AuditedStock } from './audited-stock.ts';

/** Why the log's sequence alone does not determine who got a unit; undefined if it does. */
export function whyNotByLogAlone(stock: Pick<AuditedStock, 'unitsChanged' | 'returned' | 'notByLog'>) {
  if (stock.unitsChanged) return 'units were added or removed';
  if (stock.returned > 0) return `${stock.returned} units were returned`;
  if (stock.notByLog > 0) return `${stock.notByLog} orders were not decided by the log`;
  return undefined;
}

/** Promise 6, as far as rows can prove it: no decision was SOLD_OUT while a unit was left. */
export async function checkNotUndersold(session: Session, stock: AuditedStock): Promise<AuditCheck> {
  const name = 'not_undersold';
  const { sid, count, confirmedUnits, soldOut, returned, unitsChanged, notByLog } = stock;
  if (soldOut === 0) return checked(name, true, `no order was sold out; ${count - stock.sale} units left`);
  if (unitsChanged || returned > 0) {
    return skipped(name, whyNotByLogAlone({ ...stock, notByLog: 0 }) ?? '');
  }
  // No unit was returned or added, so a refused order for which enough are left was refused without reason.
  if (confirmedUnits < count) {
    const [fitting] = await selectRows<{ n: number }>(
      session,
      `SELECT COUNT(*) AS n FROM stock_order WHERE sid = ? AND state = 'sold_out' AND quantity <= ?`,
      [sid, count - confirmedUnits],
    );
    const n = fitting?.n ?? 0;
    if (n > 0) return checked(name, false, `${n} refused, but only ${confirmedUnits} of ${count} units were taken`);
  }
  if (notByLog > 0)
    return checked(name, true, `${soldOut} refused, and ${confirmedUnits} of ${count} units were taken`);
  const [early] = await selectRows<{ n: number; example: string | null }>(
    session,
    `SELECT COUNT(*) AS n, MIN(order_no) AS example FROM (
       SELECT order_no, state, quantity, SUM(IF(state IN ${CONFIRMED_STATES}, quantity, 0))
         OVER (ORDER BY log_partition, log_offset, log_index ROWS UNBOUNDED PRECEDING) AS taken
       FROM stock_order WHERE sid = ?) decided
     WHERE state = 'sold_out' AND taken + quantity <= ?`,
    [sid, count],
  );
  const n = early?.n ?? 0;
  const detail =
    n === 0
      ? `${soldOut} refused, each when fewer units were left than it wanted`
      : `${n} refused while units were left (such as ${early?.example})`;
  return checked(name, n === 0, detail);
}

/** Promise 7 by rows: the confirmed orders are the first orders of the first distinct buyers in the log. */
export async function checkFirstCome(session: Session, stock: AuditedStock): Promise<AuditCheck> {
  const name = 'first_come_first_served';
  const why = whyNotByLogAlone(stock);
  if (why) return skipped(name, why);
  // An order that is refused may be ahead of a smaller one that is confirmed.
  if (stock.largestQuantity > 1) return skipped(name, 'orders have several units; the replay of the log checks them');
  const [wrong] = await selectRows<{ passed: string | null; ahead: string | null; example: string | null }>(
    session,
    `SELECT SUM(place <= ?) AS passed, SUM(place > ?) AS ahead, MIN(buyer) AS example FROM (
       SELECT buyer, first, won, ROW_NUMBER() OVER (ORDER BY first) AS place FROM (
         SELECT buyer, MIN(at) AS first, MIN(CASE WHEN state IN ${CONFIRMED_STATES} THEN at END) AS won FROM (
           SELECT buyer, state, ROW_NUMBER() OVER (ORDER BY log_partition, log_offset, log_index) AS at
           FROM stock_order WHERE sid = ? AND state NOT IN ${TERMS_STATES}) logged GROUP BY buyer) buyers) placed
     WHERE (place <= ? AND NOT (won <=> first)) OR (place > ? AND won IS NOT NULL)`,
    [stock.count, stock.count, stock.sid, stock.count, stock.count],
  );
  const passed = Number(wrong?.passed ?? 0);
  const ahead = Number(wrong?.ahead ?? 0);
  const detail =
    passed + ahead === 0
      ? `the ${stock.confirmed} winners are the first buyers of the log`
      : `${passed} among the first ${stock.count} did not win, ${ahead} behind them did (such as ${wrong?.example})`;
  return checked(name, passed + ahead === 0, detail);
}
