// Original file: proto/flashsale/v1/order.proto

export const CreateOrderOutcome = {
  CREATE_ORDER_OUTCOME_UNSPECIFIED: 'CREATE_ORDER_OUTCOME_UNSPECIFIED',
  CREATED: 'CREATED',
  QUEUED: 'QUEUED',
  NONE_LEFT: 'NONE_LEFT',
  LOST_RACE: 'LOST_RACE',
  NO_STOCK: 'NO_STOCK',
  BUSY: 'BUSY',
} as const;

export type CreateOrderOutcomeInput =
  | 'CREATE_ORDER_OUTCOME_UNSPECIFIED'
  | 0
  | 'CREATED'
  | 1
  | 'QUEUED'
  | 2
  | 'NONE_LEFT'
  | 3
  | 'LOST_RACE'
  | 4
  | 'NO_STOCK'
  | 5
  | 'BUSY'
  | 6

export type CreateOrderOutcome = typeof CreateOrderOutcome[keyof typeof CreateOrderOutcome]
