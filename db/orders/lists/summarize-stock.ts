import type { Session } from '../../mysql/database.ts';
import { CONFIRMED_STATES } from '../order-states.ts';

/** What became of a sale. Units are those of the orders that are in this state now. Times: milliseconds since 1970 (UTC). */
export type StockSummary = {
  count: number;
  sale: number;
  currency: string;
  opensAtMs: number | null;
  unpaidUnits: number;
  paidUnits: number;
  refundedUnits: number;
  expiredUnits: number;
  cancelledUnits: number;
  /** Orders that were decided CONFIRMED, whatever became of them. */
  confirmedOrders: number;
  /** Of them: paid, also those that were refunded since. */
  paidOrders: number;
  refusedOrders: number;
  /** Different buyers with a confirmed order. */
  buyers: number;
  /** Of paid orders, without those that were refunded. */
  revenueCents: number;
  refundedCents: number;
  /** Of orders that await their payment, and of those that ended without one. */
  unpaidCents: number;
  expiredCents: number;
  cancelledCents: number;
  firstOrderAtMs: number | null;
  /** The last decision or payment. */
  lastOrderAtMs: number | null;
  /** The first refusal as sold out without a unit left; without one, when the last unit of a stock that is sold out was taken. */
  soldOutAtMs: number | null;
};

type Row = Omit<StockSummary, `${string}Ms`> & {
  opensAt: Date | null;
  firstOrderAt: Date | null;
  lastDecidedAt: Date | null;
  lastPaidAt: Date | null;
  refusedAt: Date | null;
  lastTakenAt: Date | null;
};

const unitsOf = (state: string) => `COALESCE(SUM(IF(o.state = '${state}', o.quantity, 0)), 0)`;
const ordersOf = (condition: string) => `COUNT(IF(${condition}, 1, NULL))`;
const amountOf = (state: string) => `COALESCE(SUM(IF(o.state = '${state}', o.price_cents * o.quantity, 0)), 0)`;

/** Reads all orders of the stock in one statement. Null: no such stock of kind "sale". */
export async function summarizeStock(session: Session, sid: number): Promise<StockSummary | null> {
  const [row] = await session.rows<Row>(
    `SELECT s.count, s.sale, s.currency, s.opens_at AS opensAt,
       ${unitsOf('awaiting_payment')} AS unpaidUnits, ${unitsOf('paid')} AS paidUnits, ${unitsOf('refunded')} AS refundedUnits,
       ${unitsOf('expired')} AS expiredUnits, ${unitsOf('cancelled')} AS cancelledUnits,
       ${ordersOf(`o.state IN ${CONFIRMED_STATES}`)} AS confirmedOrders, ${ordersOf("o.state IN ('paid', 'refunded')")} AS paidOrders,
       ${ordersOf(`o.state NOT IN ${CONFIRMED_STATES}`)} AS refusedOrders,
       COUNT(DISTINCT IF(o.state IN ${CONFIRMED_STATES}, o.buyer, NULL)) AS buyers,
       ${amountOf('paid')} AS revenueCents, ${amountOf('refunded')} AS refundedCents,
       ${amountOf('awaiting_payment')} AS unpaidCents, ${amountOf('expired')} AS expiredCents, ${amountOf('cancelled')} AS cancelledCents,
       MIN(o.create_time) AS firstOrderAt, MAX(o.create_time) AS lastDecidedAt, MAX(o.paid_at) AS lastPaidAt,
       MIN(IF(o.state = 'sold_out' AND COALESCE(o.units_left, 0) = 0, o.create_time, NULL)) AS refusedAt,
       IF(s.sale >= s.count, MAX(IF(o.live = 1, o.create_time, NULL)), NULL) AS lastTakenAt
     FROM stock s LEFT JOIN stock_order o ON o.sid = s.id WHERE s.id = ? AND s.kind = 'sale'
     GROUP BY s.id, s.count, s.sale, s.currency, s.opens_at`,
    [sid],
  );
  if (!row) return null;
  const { opensAt, firstOrderAt, lastDecidedAt, lastPaidAt, refusedAt, lastTakenAt, ...rest } = row;
  return {
    ...toNumbers(rest),
    opensAtMs: opensAt?.getTime() ?? null,
    firstOrderAtMs: firstOrderAt?.getTime() ?? null,
    lastOrderAtMs: lastDecidedAt && Math.max(lastDecidedAt.getTime(), lastPaidAt?.getTime() ?? 0),
    soldOutAtMs: (refusedAt ?? lastTakenAt)?.getTime() ?? null,
  };
}

/** Sums arrive as texts. */
function toNumbers<T extends { currency: string }>({ currency, ...sums }: T) {
  const numbers = Object.fromEntries(Object.entries(sums).map(([name, value]) => [name, Number(value)]));
  return { ...(numbers as Record<Exclude<keyof T, 'currency'>, number>), currency };
}
