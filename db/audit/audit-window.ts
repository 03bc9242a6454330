import type { Session } from '../mysql/database.ts';
import { CONFIRMED_STATES } from '../orders/order-states.ts';
import { type AuditCheck, checkRules, leftOut, selectRows } from './audit-rules.ts';
import type { AuditedStock } from './audited-stock.ts';

/** A transaction that read the row from before a change may have written its orders so long after it. */
const CHANGE_SECONDS = 10;

/**
 * Promise 8: no unit is sold outside the window or while the stock is paused. Only the present window is kept, so orders from before
 * its last change are not looked at. The ladder sells without a window.
 */
export async function checkInsideWindow(session: Session, { sid, confirmed }: AuditedStock): Promise<AuditCheck> {
  const name = 'inside_window';
  const source = `FROM stock_order o JOIN stock s ON s.id = o.sid WHERE o.sid = ? AND s.kind = 'sale'
    AND o.state IN ${CONFIRMED_STATES} AND o.judged_at IS NOT NULL
    AND (s.window_changed_at IS NULL OR o.create_time > s.window_changed_at + INTERVAL ${CHANGE_SECONDS} SECOND)`;
  const [looked] = await selectRows<{ n: number }>(session, `SELECT COUNT(*) AS n ${source}`, [sid]);
  const n = looked?.n ?? 0;
  if (n === 0 && confirmed > 0) return leftOut(name, 'the window was changed after all orders, or there is none');
  return checkRules(session, name, {
    source,
    values: [sid],
    fine: `${n} of ${confirmed} units sold under the window as it stands, all of them inside it`,
    rules: [
      { what: 'confirmed before the sale opened', wrong: 'o.judged_at < s.opens_at OR o.create_time < s.opens_at' },
      { what: 'confirmed after the sale closed', wrong: 'o.judged_at >= s.closes_at' },
      { what: 'confirmed while the sale was paused', wrong: 's.paused' },
    ],
  });
}
