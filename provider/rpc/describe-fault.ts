import { Metadata, type ServiceError } from '@grpc/grpc-js';
import { DrawChangedError } from '../../db/draws/take-entries.ts';
import { IdempotencyError } from '../../db/mysql/change-once.ts';
import { isPassingDatabaseError } from '../../db/mysql/classify-database-error.ts';
import { QueueFullError } from '../../proto/process/batcher.ts';
import { GivenUpError } from '../../proto/process/caller-scope.ts';
import { DeadlineError } from '../../proto/process/clock.ts';
import { encodeFaultDetails } from './encode-fault-details.ts';
import { type FaultReason, readFault } from './fault-reasons.ts';

/** An invalid field of a request. The status of the call is INVALID_ARGUMENT. */
export class InvalidFieldError extends Error {
  override name = 'InvalidFieldError';
  readonly field: string;
  readonly description: string;
  constructor(field: string, description: string) {
    super(`${field}: ${description}`);
    this.field = field;
    this.description = description;
  }
}

/** An error with a reason, which has a gRPC status, and a message for the caller. `about`: what a program needs to know of it. */
export class CallError extends Error {
  override name = 'CallError';
  readonly reason: FaultReason;
  readonly about: Record<string, string>;
  constructor(reason: FaultReason, message: string, about: Record<string, string> = {}) {
    super(message);
    this.reason = reason;
    this.about = about;
  }
}

/** How a call fails. Never a `message`: grpc-js would send that instead of `details`. */
export type CallFault = Pick<ServiceError, 'code' | 'details' | 'metadata'> & { reason: FaultReason };

/**
 * Maps an error to the fault of the call. Only the two classes above show their message. UNAVAILABLE may be retried; unexpected errors
 * are INTERNAL and must not be retried.
 */
export function describeFault(error: unknown): CallFault {
  if (error instanceof CallError) return faultOf(error);
  if (error instanceof InvalidFieldError) return faultOf(new CallError('INVALID_FIELD', error.message), error);
  if (error instanceof IdempotencyError) return faultOf(new CallError(`IDEMPOTENCY_${error.reason}`, error.message));
  if (error instanceof GivenUpError) return faultOf(new CallError('CALL_CANCELLED', 'the call was cancelled'));
  if (error instanceof QueueFullError) return faultOf(new CallError('TOO_MANY_CALLS', 'too many calls are waiting'));
  if (error instanceof DrawChangedError) return faultOf(new CallError('DRAW_CHANGED', 'the draw changed; try again'));
  return faultOf(
    error instanceof DeadlineError || isPassingDatabaseError(error)
      ? new CallError('DATABASE_UNAVAILABLE', 'the database is not available; try again')
      : new CallError('INTERNAL', 'internal error'),
  );
}

function faultOf({ reason, message, about }: CallError, invalid?: InvalidFieldError): CallFault {
  const { code, retryMs } = readFault(reason);
  const metadata = new Metadata();
  const details = encodeFaultDetails({ code, message, reason, about, retryMs, invalid });
  metadata.set('grpc-status-details-bin', details);
  return { code, details: message, metadata, reason };
}
