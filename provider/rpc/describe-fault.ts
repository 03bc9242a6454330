import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';
import { isPassingDatabaseError } from '../../db/mysql/classify-database-error.ts';
import { protoDefinition } from '../../proto/messages/load-protos.ts';
import { QueueFullError } from '../../proto/process/batcher.ts';
import { GivenUpError } from '../../proto/process/caller-scope.ts';
import { DeadlineError } from '../../proto/process/clock.ts';

/** A request that breaks the contract: which field, and how. Answered with INVALID_ARGUMENT. */
export class InvalidFieldError extends Error {
  override name = 'InvalidFieldError';
  readonly field: string;
  constructor(field: string, description: string) {
    super(`${field}: ${description}`);
    this.field = field;
  }
}

/** A fault with a gRPC status of its own, for the caller to see as it is. */
export class CallError extends Error {
  override name = 'CallError';
  readonly code: status;
  constructor(code: status, message: string) {
    super(message);
    this.code = code;
  }
}

// protobufjs keeps this one field in snake case.
type Any = { type_url: string; value: Buffer };
type RpcStatus = { code: number; message: string; details: Any[] };
type BadRequest = { fieldViolations: { field: string; description: string }[] };

const StatusType = protoDefinition['google.rpc.Status'] as MessageTypeDefinition<RpcStatus, RpcStatus>;
const BadRequestType = protoDefinition['google.rpc.BadRequest'] as MessageTypeDefinition<BadRequest, BadRequest>;

/**
 * What the caller of an rpc is told of an error. Only the two kinds above show their text. UNAVAILABLE is for what may be tried again;
 * everything unforeseen is INTERNAL, which is not repeated.
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
  if (error instanceof GivenUpError) return { code: status.CANCELLED, details: 'the call was given up' };
  if (error instanceof QueueFullError) return { code: status.RESOURCE_EXHAUSTED, details: 'too many wait already' };
  return error instanceof DeadlineError || isPassingDatabaseError(error)
    ? { code: status.UNAVAILABLE, details: 'the database did not answer; try again' }
    : { code: status.INTERNAL, details: 'a fault of the provider' };
}
