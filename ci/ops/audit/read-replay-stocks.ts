import { whyNotByLogAlone } from '../../../db/audit/check-sequence.ts';
import type { Session } from '../../../db/mysql/database.ts';
import type { StockKind } from '../../../db/stocks/stock-table.ts';

/** A stock, as far as a replay of its log needs it. */
export type ReplayStock = {
  sid: number;
  name: string;
  kind: StockKind;
  count: number;
  maxPerOrder: number;
  orders: number;
  /** Of its first order; null without orders. */
  firstOffset: bigint | null;
  firstAtMs: number | null;
  /** Why its rows may differ from a replay of the log; undefined if they must not. */
  skipReason: string | undefined;
};

type Row = Pick<ReplayStock, 'sid' | 'name' | 'kind' | 'count' | 'maxPerOrder' | 'orders'> & {
  unitsChangedAt: Date | null;
  returned: string | null;
  notByLog: string | null;
  firstOffset: number | string | null;
  firstAt: Date | null;
};

/** All stocks, or the stock `sid`, sorted by id. */
export async function readReplayStocks(session: Session, sid: number | undefined): Promise<ReplayStock[]> {
  const rows = await session.rows<Row>(
    `SELECT s.id AS sid, s.name, s.kind, s.count, s.max_per_order AS maxPerOrder, s.units_changed_at AS unitsChangedAt, COUNT(o.order_no) AS orders,
       SUM(o.state IN ('expired', 'cancelled', 'refunded')) AS returned, SUM(o.decided_by <> 'log') AS notByLog,
       MIN(o.log_offset) AS firstOffset, MIN(o.create_time) AS firstAt
     FROM stock s LEFT JOIN stock_order o ON o.sid = s.id ${sid === undefined ? '' : 'WHERE s.id = ?'}
     GROUP BY s.id, s.name, s.kind, s.count, s.max_per_order, s.units_changed_at ORDER BY s.id`,
    sid === undefined ? [] : [sid],
  );
  return rows.map(({ unitsChangedAt, returned, notByLog, firstOffset, firstAt, ...stock }) => ({
    ...stock,
    firstOffset: firstOffset === null ? null : BigInt(firstOffset),
    firstAtMs: firstAt?.getTime() ?? null,
    skipReason: whyNotByLogAlone({
      unitsChanged: unitsChangedAt !== null,
      returned: Number(returned ?? 0),
      notByLog: Number(notByLog ?? 0),
    }),
  }));
}
