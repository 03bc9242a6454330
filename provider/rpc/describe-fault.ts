import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';
import { isPassingDatabaseError } from '../../db/mysql/classify-database-error.ts';
import { protoDefinition } from '../../proto/messages/load-protos.ts';
import { QueueFullError } from '../../proto/process/batcher.ts';
import { GivenUpError } from '../../proto/process/caller-scope.ts';
import { DeadlineError } from '../../proto/process/clock.ts';

/** An invalid field of a request. The status of the call is INVALID_ARGUMENT. */
export class InvalidFieldError extends Error {
  override name = 'InvalidFieldError';
  readonly field: string;
  constructor(field: string, description: string) {
    super(`${field}: ${description}`);
    this.field = field;
  }
}

/** An error with a gRPC status and a message for the caller. */
export class CallError extends Error {
  override name = 'CallError';
  readonly code: status;
  constructor(code: status, message: string) {
    super(message);
    this.code = code;
  }
}

// protobufjs keeps this field in snake case.
type Any = { type_url: string; value: Buffer };
type RpcStatus = { code: number; message: string; details: Any[] };
type BadRequest = { fieldViolations: { field: string; description: string }[] };

const StatusType = protoDefinition['google.rpc.Status'] as MessageTypeDefinition<RpcStatus, RpcStatus>;
const BadRequestType = protoDefinition['google.rpc.BadRequest'] as MessageTypeDefinition<BadRequest, BadRequest>;

/**
 * Maps an error to the gRPC status of the call. Only the two classes above show their message. UNAVAILABLE may be retried; unexpected errors
 * are INTERNAL and must not be retried.
 */
export function describeFault(error: unknown): Partial<ServiceError> {
  if (error instanceof CallError) return { code: error.code, details: error.message };
  if (error instanceof InvalidFieldError) {
    const description = error.message.slice(`${error.field}: `.length);
    const value = BadRequestType.serialize({ fieldViolations: [{ field: error.field, description }] });
    const code = status.INVALID_ARGUMENT;
    const details = [{ type_url: 'type.googleapis.com/google.rpc.BadRequest', value }];
    const metadata = new Metadata();
    metadata.set('grpc-status-details-bin', StatusType.serialize({ code, message: error.message, details }));
    return { code, details: error.message, metadata };
  }
  if (error instanceof GivenUpError) return { code: status.CANCELLED, details: 'the call was cancelled' };
  if (error instanceof QueueFullError)
    return { code: status.RESOURCE_EXHAUSTED, details: 'too many calls are waiting' };
  return error instanceof DeadlineError || isPassingDatabaseError(error)
    ? { code: status.UNAVAILABLE, details: 'the database is not available; try again' }
    : { code: status.INTERNAL, details: 'internal error' };
}
