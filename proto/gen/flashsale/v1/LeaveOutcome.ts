// Original file: proto/flashsale/v1/draw.proto

export const LeaveOutcome = {
  LEAVE_OUTCOME_UNSPECIFIED: 'LEAVE_OUTCOME_UNSPECIFIED',
  LEFT_DRAW: 'LEFT_DRAW',
  NO_ENTRY: 'NO_ENTRY',
  ENTRY_OFFERED: 'ENTRY_OFFERED',
} as const;

export type LeaveOutcomeInput =
  | 'LEAVE_OUTCOME_UNSPECIFIED'
  | 0
  | 'LEFT_DRAW'
  | 1
  | 'NO_ENTRY'
  | 2
  | 'ENTRY_OFFERED'
  | 3

export type LeaveOutcome = typeof LeaveOutcome[keyof typeof LeaveOutcome]
