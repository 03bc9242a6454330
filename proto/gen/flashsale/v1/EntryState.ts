// Original file: proto/flashsale/v1/draw.proto

export const EntryState = {
  ENTRY_STATE_UNSPECIFIED: 'ENTRY_STATE_UNSPECIFIED',
  WAITING: 'WAITING',
  OFFERED: 'OFFERED',
  LEFT: 'LEFT',
} as const;

export type EntryStateInput =
  | 'ENTRY_STATE_UNSPECIFIED'
  | 0
  | 'WAITING'
  | 1
  | 'OFFERED'
  | 2
  | 'LEFT'
  | 3

export type EntryState = typeof EntryState[keyof typeof EntryState]
