import type { Session } from '../mysql/database.ts';
import { decisionOf, type OrderState } from '../orders/order-states.ts';
import type { DecidedBy } from '../orders/order-table.ts';
import { checkEventsComplete, checkEventsTrue, checkNeverTakenBack } from './audit-events.ts';
import { checkConfirmedRows, checkDuplicates, checkLogPlaces, checkPayments } from './audit-rows.ts';
import { type AuditCheck, checked, selectRows } from './audit-rules.ts';
import type { AuditedStock } from './audited-stock.ts';
import { checkInsideWindow } from './check-inside-window.ts';
import { checkOffers } from './check-offers.ts';
import { checkFirstCome, checkNotUndersold } from './check-sequence.ts';

export type StockAudit = { ok: boolean; checks: AuditCheck[] };

/**
 * Checks every promise that the rows of one stock can prove, so it may run during a sale: on one snapshot, except the offers of a draw or a
 * line, which are read afterwards and, if units are free, several times. Null: there is no such stock.
 * The session needs a deadline of AUDIT_STATEMENT_MS. The database does the counting, so memory does not grow with the stock.
 * `onCheck` gets the number of checks done; an error that it throws ends the audit.
 */
export async function auditStock(
  session: Session,
  sid: number,
  onCheck: (done: number) => void = () => undefined,
): Promise<StockAudit | null> {
  // For the next transaction only. The sessions of the pool are READ COMMITTED, where each statement has its own snapshot.
  await session.change('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
  await session.change('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
  const stock = await readAuditedStock(session, sid);
  const checks: AuditCheck[] = [];
  if (stock) {
    checks.push(checkNotOversold(stock));
    for (const check of QUERIES) {
      onCheck(checks.length);
      checks.push(await check(session, stock));
    }
  }
  await session.change('COMMIT');
  const offers = stock && (await checkOffers(session, stock));
  if (offers) checks.push(offers);
  return stock && { ok: checks.every(({ ok }) => ok), checks };
}

const QUERIES: ((session: Session, stock: AuditedStock) => Promise<AuditCheck>)[] = [
  checkOneActiveOrder,
  checkConfirmedRows,
  checkLogPlaces,
  checkDuplicates,
  checkNeverTakenBack,
  checkNotUndersold,
  checkFirstCome,
  checkEventsComplete,
  checkEventsTrue,
  checkPayments,
  checkInsideWindow,
];

/** The number of checks of an audit; a stock with a draw or a line has one more. */
export const AUDIT_CHECKS = QUERIES.length + 1;

type StockRow = Pick<AuditedStock, 'sid' | 'count' | 'sale' | 'kind' | 'currency'> & {
  unitsChangedAt: Date | null;
  hasDraw: number;
};
/** `units`: the driver returns sums as texts. */
type Tally = { state: OrderState | ''; decidedBy: DecidedBy; n: number; units: number | string; largest: number };

async function readAuditedStock(session: Session, sid: number): Promise<AuditedStock | null> {
  const [row] = await selectRows<StockRow>(
    session,
    `SELECT id AS sid, count, sale, kind, currency, units_changed_at AS unitsChangedAt,
       mode <> 'rush' OR EXISTS (SELECT 1 FROM draw WHERE draw.sid = stock.id) AS hasDraw FROM stock WHERE id = ?`,
    [sid],
  );
  if (!row) return null;
  const tallies = await selectRows<Tally>(
    session,
    `SELECT state, decided_by AS decidedBy, COUNT(*) AS n, SUM(quantity) AS units, MAX(quantity) AS largest
     FROM stock_order WHERE sid = ? GROUP BY state, decided_by`,
    [sid],
  );
  const sum = (wanted: (tally: Tally) => boolean) => tallies.filter(wanted).reduce((total, { n }) => total + n, 0);
  const sumUnits = (wanted: (tally: Tally) => boolean) =>
    tallies.filter(wanted).reduce((total, { units }) => total + Number(units), 0);
  const { unitsChangedAt, hasDraw, ...stock } = row;
  const isActive = ({ state }: Tally) => state === 'awaiting_payment' || state === 'paid';
  const isConfirmed = ({ state }: Tally) => state !== '' && decisionOf(state) === 'CONFIRMED';
  return {
    ...stock,
    unitsChanged: unitsChangedAt !== null,
    hasDraw: hasDraw === 1,
    orders: sum(() => true),
    confirmed: sum(isConfirmed),
    returned: sum((tally) => isConfirmed(tally) && !isActive(tally)),
    active: sum(isActive),
    activeUnits: sumUnits(isActive),
    confirmedUnits: sumUnits(isConfirmed),
    largestQuantity: Math.max(1, ...tallies.map(({ largest }) => largest)),
    soldOut: sum(({ state }) => state === 'sold_out'),
    notByLog: sum(({ decidedBy }) => decidedBy !== 'log'),
  };
}

/** Promise 1. */
function checkNotOversold({ active, activeUnits, sale, count }: AuditedStock): AuditCheck {
  const ok = activeUnits === sale && sale <= count;
  const ordered = active === activeUnits ? '' : ` of ${activeUnits} units`;
  return checked('not_oversold', ok, `${active} active orders${ordered}, ${sale} sold, ${count} units`);
}

/** Promise 4. Counted by state, because the generated column and its key are under test. */
async function checkOneActiveOrder(session: Session, { sid, active }: AuditedStock): Promise<AuditCheck> {
  const [found] = await selectRows<{ n: number; example: string | null }>(
    session,
    `SELECT COUNT(*) AS n, MIN(buyer) AS example FROM (
       SELECT buyer FROM stock_order WHERE sid = ? AND state IN ('awaiting_payment', 'paid')
       GROUP BY buyer HAVING COUNT(*) > 1) greedy`,
    [sid],
  );
  const n = found?.n ?? 0;
  const detail = n === 0 ? `${active} active orders of as many buyers` : `${n} buyers have several (${found?.example})`;
  return checked('one_live_order', n === 0, detail);
}
