// Original file: proto/flashsale/v1/order.proto

export const StartPaymentOutcome = {
  START_PAYMENT_OUTCOME_UNSPECIFIED: 'START_PAYMENT_OUTCOME_UNSPECIFIED',
  STARTED: 'STARTED',
  NO_ORDER: 'NO_ORDER',
  NOT_PAYABLE: 'NOT_PAYABLE',
} as const;

export type StartPaymentOutcomeInput =
  | 'START_PAYMENT_OUTCOME_UNSPECIFIED'
  | 0
  | 'STARTED'
  | 1
  | 'NO_ORDER'
  | 2
  | 'NOT_PAYABLE'
  | 3

export type StartPaymentOutcome = typeof StartPaymentOutcome[keyof typeof StartPaymentOutcome]
