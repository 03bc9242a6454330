// Original file: proto/flashsale/v1/order.proto

export const Decision = {
  DECISION_UNSPECIFIED: 'DECISION_UNSPECIFIED',
  CONFIRMED: 'CONFIRMED',
  DUPLICATE: 'DUPLICATE',
  SOLD_OUT: 'SOLD_OUT',
  PAUSED: 'PAUSED',
  NOT_OPEN: 'NOT_OPEN',
  CLOSED: 'CLOSED',
  PRICE_ABOVE_MAX: 'PRICE_ABOVE_MAX',
  QUANTITY_ABOVE_MAX: 'QUANTITY_ABOVE_MAX',
  ENTRY_REQUIRED: 'ENTRY_REQUIRED',
} as const;

export type DecisionInput =
  | 'DECISION_UNSPECIFIED'
  | 0
  | 'CONFIRMED'
  | 1
  | 'DUPLICATE'
  | 2
  | 'SOLD_OUT'
  | 3
  | 'PAUSED'
  | 4
  | 'NOT_OPEN'
  | 5
  | 'CLOSED'
  | 6
  | 'PRICE_ABOVE_MAX'
  | 7
  | 'QUANTITY_ABOVE_MAX'
  | 8
  | 'ENTRY_REQUIRED'
  | 9

export type Decision = typeof Decision[keyof typeof Decision]
