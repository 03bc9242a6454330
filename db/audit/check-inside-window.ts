import type { Session } from '../mysql/database.ts';
import { CONFIRMED_STATES } from '../orders/order-states.ts';
import { type AuditCheck, checkRules, selectRows, skipped } from './audit-rules.ts';
import type { AuditedStock } from './audited-stock.ts';

/** Orders of a transaction that read the window before its change may be written this much later. */
const CHANGE_SECONDS = 10;

/**
 * Promise 8: no unit is sold outside the window or while the stock is paused. Only the current window is stored, so orders from before
 * its last change are not checked. Ladder stocks have no window.
 */
export async function checkInsideWindow(session: Session, { sid, confirmed }: AuditedStock): Promise<AuditCheck> {
  const name = 'inside_window';
  const source = `FROM stock_order o JOIN stock s ON s.id = o.sid WHERE o.sid = ? AND s.kind = 'sale'
    AND o.state IN ${CONFIRMED_STATES} AND o.judged_at IS NOT NULL
    AND (s.window_changed_at IS NULL OR o.create_time > s.window_changed_at + INTERVAL ${CHANGE_SECONDS} SECOND)`;
  const [found] = await selectRows<{ n: number }>(session, `SELECT COUNT(*) AS n ${source}`, [sid]);
  const n = found?.n ?? 0;
  if (n === 0 && confirmed > 0) return skipped(name, 'the window was changed after all orders, or there is none');
  return checkRules(session, name, {
    source,
    values: [sid],
    fine: `${n} of ${confirmed} units sold under the current window, all inside it`,
    rules: [
      { what: 'confirmed before the sale opened', wrong: 'o.judged_at < s.opens_at OR o.create_time < s.opens_at' },
      { what: 'confirmed after the sale closed', wrong: 'o.judged_at >= s.closes_at' },
      { what: 'confirmed while the sale was paused', wrong: 's.paused' },
    ],
  });
}
