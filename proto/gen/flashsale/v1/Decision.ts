// Original file: proto/flashsale/v1/order.proto

export const Decision = {
  DECISION_UNSPECIFIED: 'DECISION_UNSPECIFIED',
  CONFIRMED: 'CONFIRMED',
  DUPLICATE: 'DUPLICATE',
  SOLD_OUT: 'SOLD_OUT',
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

export type Decision = typeof Decision[keyof typeof Decision]
