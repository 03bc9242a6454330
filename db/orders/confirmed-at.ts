import { isSamePlace } from '../../proto/messages/log-place.ts';
import type { Stock } from '../stocks/stock-table.ts';
import { type FreshOrder, isLadderOrder, type OrderRequest } from './decide-batch.ts';
import type { OrderEvent } from './order-event-table.ts';
import type { KnownRow } from './order-table.ts';

/** Null without the log; no `index`: 0. */
type PlacedOrder = OrderRequest & { partition: number | null; offset: bigint | null; index?: number };

export type DecidedAtPlaces = {
  /** Of the new orders. */
  stocks: Pick<Stock, 'sid' | 'currency' | 'priceCents'>[];
  known: KnownRow[];
  fresh: FreshOrder<PlacedOrder>[];
};

/**
 * The events `confirmed` of the orders whose rows hold these places of the log: of new ones, and of those that were decided before, because
 * the process that decided them may have ended before it published them. A record that repeats a number from another place has none.
 */
export function confirmedAt(orders: PlacedOrder[], { stocks, known, fresh }: DecidedAtPlaces): OrderEvent[] {
  const stockOf = new Map(stocks.map((stock) => [stock.sid, stock]));
  const rowOf = new Map(known.map((row) => [row.orderNo, row]));
  const events: OrderEvent[] = [];
  for (const order of orders) {
    const { orderNo, sid, buyer, partition, offset, index = 0 } = order;
    const row = rowOf.get(orderNo);
    if (!row || partition === null || offset === null || isLadderOrder(order)) continue;
    if (row.decidedBy !== 'log' || row.decision !== 'CONFIRMED' || !isSamePlace({ partition, offset, index }, row))
      continue;
    const { priceCents, currency, quantity, reference, metadata, judgedAt, createTime } = row;
    const createdAtMs = (judgedAt ?? createTime).getTime();
    const details = { quantity, reference, metadata };
    events.push({ orderNo, type: 'confirmed', sid, buyer, priceCents, currency, createdAtMs, ...details });
  }
  for (const { order, decided, judgedAtMs: createdAtMs } of fresh) {
    const { orderNo, sid, buyer, quantity = 1, reference = null, metadata = null } = order;
    const stock = stockOf.get(sid);
    if (!stock || decided.decision !== 'CONFIRMED' || isLadderOrder(order)) continue;
    const { priceCents, currency } = stock;
    const details = { quantity, reference, metadata };
    events.push({ orderNo, type: 'confirmed', sid, buyer, priceCents, currency, createdAtMs, ...details });
  }
  return events;
}
