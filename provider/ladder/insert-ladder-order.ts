import type { Session } from '../../db/mysql/database.ts';
import { insertOrders } from '../../db/orders/order-table.ts';
import { mintLadderNumber } from '../../proto/messages/order-number.ts';

export type LadderResult =
  | { outcome: 'CREATED' | 'QUEUED'; orderNo: string }
  | { outcome: 'NONE_LEFT' | 'LOST_RACE' | 'NO_STOCK' | 'BUSY' };

/** Inserts an order of the ladder, which is its own buyer and never expires. */
export async function insertLadderOrder(
  session: Session,
  stock: { sid: number; name: string; priceCents: number },
): Promise<LadderResult> {
  const orderNo = mintLadderNumber(stock.sid);
  await insertOrders(session, [
    {
      orderNo,
      sid: stock.sid,
      buyer: orderNo,
      name: stock.name,
      state: 'awaiting_payment',
      liveOrderNo: null,
      priceCents: stock.priceCents,
      mintedAtMs: null,
      payByMs: null,
      decidedBy: 'ladder',
      partition: null,
      offset: null,
    },
  ]);
  return { outcome: 'CREATED', orderNo };
}
