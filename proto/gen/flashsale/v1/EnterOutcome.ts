// Original file: proto/flashsale/v1/draw.proto

export const EnterOutcome = {
  ENTER_OUTCOME_UNSPECIFIED: 'ENTER_OUTCOME_UNSPECIFIED',
  ENTERED: 'ENTERED',
  KNOWN_ENTRY: 'KNOWN_ENTRY',
  ENTRIES_NOT_OPEN: 'ENTRIES_NOT_OPEN',
  ENTRIES_CLOSED: 'ENTRIES_CLOSED',
  NO_DRAW: 'NO_DRAW',
  DRAW_PENDING: 'DRAW_PENDING',
} as const;

export type EnterOutcomeInput =
  | 'ENTER_OUTCOME_UNSPECIFIED'
  | 0
  | 'ENTERED'
  | 1
  | 'KNOWN_ENTRY'
  | 2
  | 'ENTRIES_NOT_OPEN'
  | 3
  | 'ENTRIES_CLOSED'
  | 4
  | 'NO_DRAW'
  | 5
  | 'DRAW_PENDING'
  | 6

export type EnterOutcome = typeof EnterOutcome[keyof typeof EnterOutcome]
