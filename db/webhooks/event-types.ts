/** Types of events that an endpoint can ask for. */
export const EVENT_TYPES = [
  'order.confirmed',
  'order.paid',
  'order.expired',
  'order.cancelled',
  'order.refunded',
] as const;
