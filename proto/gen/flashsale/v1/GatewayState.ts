// Original file: proto/flashsale/v1/order.proto

export const GatewayState = {
  GATEWAY_STATE_UNSPECIFIED: 'GATEWAY_STATE_UNSPECIFIED',
  SESSION_OPEN: 'SESSION_OPEN',
  SESSION_ENDED: 'SESSION_ENDED',
  MONEY_PROCESSING: 'MONEY_PROCESSING',
  MONEY_PAID: 'MONEY_PAID',
} as const;

export type GatewayStateInput =
  | 'GATEWAY_STATE_UNSPECIFIED'
  | 0
  | 'SESSION_OPEN'
  | 1
  | 'SESSION_ENDED'
  | 2
  | 'MONEY_PROCESSING'
  | 3
  | 'MONEY_PAID'
  | 4

export type GatewayState = typeof GatewayState[keyof typeof GatewayState]
