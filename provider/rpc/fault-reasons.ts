import { status } from '@grpc/grpc-js';

type Fault = {
  code: status;
  /** The call can be sent again, not earlier than after this time. */
  retryMs?: number;
  meaning: string;
};

/** Why calls fail: the `reason` of google.rpc.ErrorInfo. Reasons are stable; docs/grpc.md lists them. */
export const faultReasons = {
  INVALID_FIELD: { code: status.INVALID_ARGUMENT, meaning: 'A field is invalid; `BadRequest` names it.' },
  TOKEN_REQUIRED: { code: status.UNAUTHENTICATED, meaning: 'The call has no valid token of `PROVIDER_TOKEN`.' },
  STOCK_NOT_FOUND: { code: status.NOT_FOUND, meaning: 'There is no such stock.' },
  STOCK_EXISTS: { code: status.ALREADY_EXISTS, meaning: 'The id is in use.' },
  STOCK_HAS_ORDERS: { code: status.FAILED_PRECONDITION, meaning: 'A stock with orders cannot be removed.' },
  VERSION_DIFFERS: { code: status.ABORTED, meaning: 'The stock has another `version`. Read it again.' },
  SALE_STARTED: {
    code: status.FAILED_PRECONDITION,
    meaning: 'max_per_order cannot change: the sale has opened or has orders.',
  },
  STOCK_ON_SALE: {
    code: status.FAILED_PRECONDITION,
    meaning: 'The stock is on sale: returned units would be sold again.',
  },
  UNITS_SOLD: {
    code: status.FAILED_PRECONDITION,
    meaning: 'Units that are sold cannot be removed; `left` units can.',
  },
  LIMIT_NOT_STORED: {
    code: status.UNAVAILABLE,
    meaning: 'The stock was created, but its `ladder_limit` could not be stored. Do not send the call again.',
  },
  IDEMPOTENCY_KEY_REUSED: { code: status.ALREADY_EXISTS, meaning: 'The key belongs to another request.' },
  IDEMPOTENCY_KEY_IN_USE: {
    code: status.ABORTED,
    retryMs: 1000,
    meaning: 'The first request with this key has not ended.',
  },
  WEBHOOK_NOT_FOUND: { code: status.NOT_FOUND, meaning: 'There is no such webhook endpoint.' },
  DELIVERY_NOT_FOUND: { code: status.NOT_FOUND, meaning: 'There is no such delivery of a webhook.' },
  DELIVERY_PENDING: { code: status.FAILED_PRECONDITION, meaning: 'A delivery that is pending cannot be replayed.' },
  TOO_MANY_WEBHOOKS: { code: status.FAILED_PRECONDITION, meaning: 'There are as many webhook endpoints as may be.' },
  TOO_MANY_SECRETS: { code: status.FAILED_PRECONDITION, meaning: 'As many secrets of the endpoint sign as may.' },
  WEBHOOK_KEY_MISSING: { code: status.FAILED_PRECONDITION, meaning: 'The provider has no `WEBHOOK_KEY`.' },
  DRAWS_OFF: { code: status.FAILED_PRECONDITION, meaning: 'The provider makes no draws: it runs with `DRAWS=off`.' },
  DRAW_NOT_FOUND: {
    code: status.NOT_FOUND,
    meaning: 'The stock has neither a draw nor a line, or there is no such stock.',
  },
  DRAW_CHANGED: {
    code: status.UNAVAILABLE,
    retryMs: 1000,
    meaning: 'The draw or the entry changed while the call ran, more often than it is tried again. Nothing was done.',
  },
  ENTRY_NOT_FOUND: { code: status.NOT_FOUND, meaning: 'The buyer has no entry.' },
  ENTRY_OFFERED: {
    code: status.FAILED_PRECONDITION,
    meaning: 'The entry had its turn: its order has the buyer too, and he would otherwise get a second turn.',
  },
  AUDIT_NOT_FOUND: { code: status.NOT_FOUND, meaning: 'No audit of the stock is kept.' },
  TOO_MANY_AUDITS: { code: status.RESOURCE_EXHAUSTED, retryMs: 5000, meaning: 'As many audits run as may.' },
  REPLAY_RUNS: {
    code: status.RESOURCE_EXHAUSTED,
    retryMs: 30_000,
    meaning: 'The log is being replayed: orders do not change meanwhile.',
  },
  TOO_MANY_CALLS: { code: status.RESOURCE_EXHAUSTED, retryMs: 1000, meaning: 'Too many calls are waiting.' },
  DATABASE_UNAVAILABLE: {
    code: status.UNAVAILABLE,
    retryMs: 1000,
    meaning:
      'The database did not answer. What the call was to change may have changed: every call that changes something can be repeated.',
  },
  LOG_UNAVAILABLE: { code: status.UNAVAILABLE, retryMs: 1000, meaning: 'Kafka did not answer. Nothing was changed.' },
  DEADLINE_PASSED: {
    code: status.DEADLINE_EXCEEDED,
    meaning: 'The deadline passed before the call was handled. Nothing was done.',
  },
  CALL_CANCELLED: { code: status.CANCELLED, meaning: 'The caller disconnected, or its deadline passed.' },
  INTERNAL: {
    code: status.INTERNAL,
    meaning: 'An error of this system, which its log has. Do not send the call again.',
  },
} as const satisfies Record<string, Fault>;

export type FaultReason = keyof typeof faultReasons;

/** The fault of a reason, with what only some have. */
export function readFault(reason: FaultReason): Fault {
  return faultReasons[reason];
}
