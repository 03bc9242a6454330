// Original file: proto/flashsale/v1/order.proto

export const KeepSessionOutcome = {
  KEEP_SESSION_OUTCOME_UNSPECIFIED: 'KEEP_SESSION_OUTCOME_UNSPECIFIED',
  KEPT_SESSION: 'KEPT_SESSION',
  ORDER_NOT_PAYABLE: 'ORDER_NOT_PAYABLE',
  PAYMENT_OVER: 'PAYMENT_OVER',
} as const;

export type KeepSessionOutcomeInput =
  | 'KEEP_SESSION_OUTCOME_UNSPECIFIED'
  | 0
  | 'KEPT_SESSION'
  | 1
  | 'ORDER_NOT_PAYABLE'
  | 2
  | 'PAYMENT_OVER'
  | 3

export type KeepSessionOutcome = typeof KeepSessionOutcome[keyof typeof KeepSessionOutcome]
