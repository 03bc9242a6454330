// Original file: proto/flashsale/v1/order.proto

export const Placement = {
  PLACEMENT_UNSPECIFIED: 'PLACEMENT_UNSPECIFIED',
  APPENDED: 'APPENDED',
  DECIDED: 'DECIDED',
  REFUSED_NO_SUCH_STOCK: 'REFUSED_NO_SUCH_STOCK',
  REFUSED_NOT_OPEN: 'REFUSED_NOT_OPEN',
  REFUSED_PAUSED: 'REFUSED_PAUSED',
  REFUSED_CLOSED: 'REFUSED_CLOSED',
  REFUSED_SOLD_OUT: 'REFUSED_SOLD_OUT',
  REFUSED_BUSY: 'REFUSED_BUSY',
  UNAVAILABLE: 'UNAVAILABLE',
} as const;

export type PlacementInput =
  | 'PLACEMENT_UNSPECIFIED'
  | 0
  | 'APPENDED'
  | 1
  | 'DECIDED'
  | 2
  | 'REFUSED_NO_SUCH_STOCK'
  | 3
  | 'REFUSED_NOT_OPEN'
  | 4
  | 'REFUSED_PAUSED'
  | 5
  | 'REFUSED_CLOSED'
  | 6
  | 'REFUSED_SOLD_OUT'
  | 7
  | 'REFUSED_BUSY'
  | 8
  | 'UNAVAILABLE'
  | 9

export type Placement = typeof Placement[keyof typeof Placement]
