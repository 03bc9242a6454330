// Original file: proto/flashsale/v1/order.proto

export const RecordPaymentOutcome = {
  RECORD_PAYMENT_OUTCOME_UNSPECIFIED: 'RECORD_PAYMENT_OUTCOME_UNSPECIFIED',
  PAID: 'PAID',
  ALREADY_PAID: 'ALREADY_PAID',
  PAYMENT_REFUNDED: 'PAYMENT_REFUNDED',
  WRONG_AMOUNT: 'WRONG_AMOUNT',
  NO_PAYMENT: 'NO_PAYMENT',
  KEPT: 'KEPT',
} as const;

export type RecordPaymentOutcomeInput =
  | 'RECORD_PAYMENT_OUTCOME_UNSPECIFIED'
  | 0
  | 'PAID'
  | 1
  | 'ALREADY_PAID'
  | 2
  | 'PAYMENT_REFUNDED'
  | 3
  | 'WRONG_AMOUNT'
  | 4
  | 'NO_PAYMENT'
  | 5
  | 'KEPT'
  | 6

export type RecordPaymentOutcome = typeof RecordPaymentOutcome[keyof typeof RecordPaymentOutcome]
