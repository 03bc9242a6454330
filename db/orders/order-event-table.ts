import type { OrderDetails } from '../../proto/messages/order-details.ts';
import type { Session } from '../mysql/database.ts';

/** The events of an order for other systems, in the order in which they can happen. */
export type OrderEventType =
  | 'confirmed'
  | 'offer_made'
  | 'paid'
  | 'expired'
  | 'offer_expired'
  | 'cancelled'
  | 'refunded';

export type NewOrderEvent = { orderNo: string; type: OrderEventType; sid: number; buyer: string; priceCents: number };
export type OrderEvent = NewOrderEvent &
  Required<OrderDetails> & {
    currency: string;
    createdAtMs: number;
    /** Of `offer_made`: until when the offer can be paid. Null or absent: it is free. */
    payByMs?: number | null;
  };

/** Runs in the transaction of the change that the event describes. */
export async function insertOrderEvents(session: Session, events: NewOrderEvent[]): Promise<void> {
  if (events.length === 0) return;
  await session.change('INSERT INTO order_event (order_no, type, sid, buyer, price_cents) VALUES ?', [
    events.map(({ orderNo, type, sid, buyer, priceCents }) => [orderNo, type, sid, buyer, priceCents]),
  ]);
}

/** For events that happened before. Leaves those that have rows. */
export async function keepOrderEvents(session: Session, events: OrderEvent[]): Promise<void> {
  if (events.length === 0) return;
  await session.change(
    'INSERT IGNORE INTO order_event (order_no, type, sid, buyer, price_cents, create_time) VALUES ?',
    [
      events.map(({ orderNo, type, sid, buyer, priceCents, createdAtMs }) => {
        return [orderNo, type, sid, buyer, priceCents, new Date(createdAtMs)];
      }),
    ],
  );
}
