// Original file: proto/flashsale/v1/stock.proto

export const AuditState = {
  AUDIT_STATE_UNSPECIFIED: 'AUDIT_STATE_UNSPECIFIED',
  AUDIT_RUNNING: 'AUDIT_RUNNING',
  AUDIT_DONE: 'AUDIT_DONE',
  AUDIT_FAILED: 'AUDIT_FAILED',
  AUDIT_CANCELLED: 'AUDIT_CANCELLED',
} as const;

export type AuditStateInput =
  | 'AUDIT_STATE_UNSPECIFIED'
  | 0
  | 'AUDIT_RUNNING'
  | 1
  | 'AUDIT_DONE'
  | 2
  | 'AUDIT_FAILED'
  | 3
  | 'AUDIT_CANCELLED'
  | 4

export type AuditState = typeof AuditState[keyof typeof AuditState]
