// Original file: proto/flashsale/v1/draw.proto

export const DrawState = {
  DRAW_STATE_UNSPECIFIED: 'DRAW_STATE_UNSPECIFIED',
  TAKING: 'TAKING',
  CLOSED_DRAW: 'CLOSED_DRAW',
  STATED: 'STATED',
  DRAWN: 'DRAWN',
} as const;

export type DrawStateInput =
  | 'DRAW_STATE_UNSPECIFIED'
  | 0
  | 'TAKING'
  | 1
  | 'CLOSED_DRAW'
  | 2
  | 'STATED'
  | 3
  | 'DRAWN'
  | 4

export type DrawState = typeof DrawState[keyof typeof DrawState]
