// Original file: proto/flashsale/v1/order.proto

export const ChangeOrderOutcome = {
  CHANGE_ORDER_OUTCOME_UNSPECIFIED: 'CHANGE_ORDER_OUTCOME_UNSPECIFIED',
  CHANGED: 'CHANGED',
  UNCHANGED: 'UNCHANGED',
  ORDER_NOT_FOUND: 'ORDER_NOT_FOUND',
  WRONG_STATE: 'WRONG_STATE',
} as const;

export type ChangeOrderOutcomeInput =
  | 'CHANGE_ORDER_OUTCOME_UNSPECIFIED'
  | 0
  | 'CHANGED'
  | 1
  | 'UNCHANGED'
  | 2
  | 'ORDER_NOT_FOUND'
  | 3
  | 'WRONG_STATE'
  | 4

export type ChangeOrderOutcome = typeof ChangeOrderOutcome[keyof typeof ChangeOrderOutcome]
