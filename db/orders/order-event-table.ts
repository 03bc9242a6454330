import type { Session } from '../mysql/database.ts';

/** What happens to an order and other systems want to know, in the sequence in which it can happen. */
export type OrderEventType = 'confirmed' | 'paid' | 'expired' | 'cancelled' | 'refunded';

export type NewOrderEvent = { orderNo: string; type: OrderEventType; sid: number; buyer: string; priceCents: number };
export type OrderEvent = NewOrderEvent & { currency: string; createdAtMs: number };

/** In the transaction that makes the fact: either both are there or neither. */
export async function insertOrderEvents(session: Session, events: NewOrderEvent[]): Promise<void> {
  if (events.length === 0) return;
  await session.change('INSERT INTO order_event (order_no, type, sid, buyer, price_cents) VALUES ?', [
    events.map(({ orderNo, type, sid, buyer, priceCents }) => [orderNo, type, sid, buyer, priceCents]),
  ]);
}
