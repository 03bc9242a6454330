import type { Session } from '../../mysql/database.ts';
import { countEverything } from '../figures/count-orders.ts';
import { addUp, noFigures, type SaleFigures } from '../figures/sale-figures.ts';
import { readSaleMark, readStoredSeconds } from '../figures/stored-seconds.ts';

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

type StockRow = Pick<StockSummary, 'count' | 'sale' | 'currency'> & { opensAt: Date | null };

/** From what is stored, and the rest of the orders. Null: no such stock of kind "sale". */
export async function summarizeStock(session: Session, sid: number): Promise<StockSummary | null> {
  const [stock] = await session.rows<StockRow>(
    "SELECT count, sale, currency, opens_at AS opensAt FROM stock WHERE id = ? AND kind = 'sale'",
    [sid],
  );
  if (!stock) return null;
  const { opensAt, ...rest } = stock;
  const figures = await readFigures(session, sid);
  const { refundedUnits, expiredUnits, cancelledUnits, refundedCents, expiredCents, cancelledCents } = figures;
  const [times] = await session.rows<{ firstAt: Date | null; lastAt: Date | null }>(
    'SELECT MIN(create_time) AS firstAt, MAX(create_time) AS lastAt FROM stock_order FORCE INDEX (by_stock) WHERE sid = ?',
    [sid],
  );
  const isSoldOut = rest.sale >= rest.count;
  return {
    ...rest,
    opensAtMs: opensAt?.getTime() ?? null,
    unpaidUnits: figures.confirmedUnits - figures.paidUnits - expiredUnits - cancelledUnits,
    paidUnits: figures.paidUnits - refundedUnits,
    refundedUnits,
    expiredUnits,
    cancelledUnits,
    confirmedOrders: figures.confirmed,
    paidOrders: figures.paid,
    refusedOrders: figures.orders - figures.confirmed,
    buyers: figures.buyers,
    revenueCents: figures.paidCents - refundedCents,
    refundedCents,
    unpaidCents: figures.confirmedCents - figures.paidCents - expiredCents - cancelledCents,
    expiredCents,
    cancelledCents,
    firstOrderAtMs: times?.firstAt?.getTime() ?? null,
    lastOrderAtMs: times?.lastAt ? Math.max(times.lastAt.getTime(), figures.lastPaidAtMs ?? 0) : null,
    soldOutAtMs: figures.soldOutAtMs ?? (isSoldOut ? await readLastTaken(session, sid) : null),
  };
}

async function readFigures(session: Session, sid: number): Promise<SaleFigures> {
  const markMs = await readSaleMark(session, sid);
  const changesBy = markMs === null ? 'rows' : 'events';
  const rows = [
    ...(await readStoredSeconds(session, { sid, fromMs: 0, untilMs: markMs ?? 0 }, null)),
    ...(await countEverything(session, { sid, fromMs: markMs, untilMs: null, changesBy }, null)),
  ];
  return addUp(rows).get(0) ?? noFigures();
}

/** When the newest order was decided that holds units. */
async function readLastTaken(session: Session, sid: number): Promise<number | null> {
  const [last] = await session.rows<{ takenAt: Date }>(
    `SELECT create_time AS takenAt FROM stock_order FORCE INDEX (by_stock) WHERE sid = ? AND live = 1
     ORDER BY create_time DESC LIMIT 1`,
    [sid],
  );
  return last?.takenAt.getTime() ?? null;
}
