import type { DrawEventType } from '../draws/draw-event-table.ts';
import type { OrderEventType } from '../orders/order-event-table.ts';

/** The name of each event that the outbox knows. */
export const EVENT_NAMES = {
  confirmed: 'order.confirmed',
  paid: 'order.paid',
  expired: 'order.expired',
  cancelled: 'order.cancelled',
  refunded: 'order.refunded',
  offer_made: 'offer.made',
  offer_expired: 'offer.expired',
  stated: 'draw.stated',
  drawn: 'draw.drawn',
  line_ended: 'line.ended',
} as const satisfies Record<OrderEventType | DrawEventType, string>;

export type EventName = (typeof EVENT_NAMES)[keyof typeof EVENT_NAMES];

/** Types of events that an endpoint can ask for. */
export const EVENT_TYPES: readonly EventName[] = Object.values(EVENT_NAMES);
