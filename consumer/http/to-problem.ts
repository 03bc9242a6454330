import { type ServiceError, status } from '@grpc/grpc-js';
import type { FastifyError } from 'fastify';
import { readFaultReason } from '../../proto/messages/read-fault-reason.ts';
import { QueueFullError } from '../../proto/process/batcher.ts';
import { Problem, type ProblemCode } from './problem.ts';

/** The problem of a provider's status. Routes override it with orProblem where they know more. */
const byGrpcStatus: Partial<Record<number, ProblemCode>> = {
  [status.INVALID_ARGUMENT]: 'invalid_request',
  [status.OUT_OF_RANGE]: 'invalid_request',
  [status.NOT_FOUND]: 'not_found',
  [status.ALREADY_EXISTS]: 'conflict',
  [status.FAILED_PRECONDITION]: 'conflict',
  [status.RESOURCE_EXHAUSTED]: 'busy',
  [status.UNAVAILABLE]: 'unavailable',
  [status.DEADLINE_EXCEEDED]: 'unavailable',
  [status.CANCELLED]: 'unavailable',
  [status.ABORTED]: 'unavailable',
  // UNAUTHENTICATED, UNIMPLEMENTED, INTERNAL and all others are internal errors.
};

/** The problem of a provider's reason, which comes before that of the status. */
const byReason: Partial<Record<string, ProblemCode>> = {
  SALE_STARTED: 'sale_started',
  IDEMPOTENCY_KEY_REUSED: 'idempotency_key_reused',
  IDEMPOTENCY_KEY_IN_USE: 'idempotency_key_in_use',
};

const byHttpStatus: Partial<Record<number, ProblemCode>> = {
  400: 'bad_request',
  // From @fastify/static, for a path outside its folder.
  403: 'not_found',
  404: 'not_found',
  405: 'method_not_allowed',
  406: 'not_acceptable',
  413: 'body_too_large',
  414: 'bad_request',
  415: 'unsupported_media_type',
  431: 'headers_too_large',
};

const formatMessages: Partial<Record<string, string>> = {
  'date-time': 'must be a time with seconds and offset (RFC 3339), such as 2030-01-02T10:00:00Z',
  'iso-4217': 'must be an ISO 4217 currency in upper case, such as EUR',
};

/** The problem that answers a thrown error. Only texts that are written for clients are sent. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof QueueFullError) return new Problem('busy');
  if (isServiceError(error)) return fromGrpc(error);
  const fault = error as Partial<FastifyError>;
  if (fault.validation) return fromValidation(fault);
  const httpStatus = fault.statusCode ?? 500;
  // Other 4xx of Fastify and its plugins are errors of the client too.
  const code = byHttpStatus[httpStatus] ?? (httpStatus >= 400 && httpStatus < 500 ? 'bad_request' : undefined);
  return new Problem(code ?? 'internal', code ? readableDetail(fault) : undefined);
}

/** For `catch` of a call: maps these statuses to problems, and rethrows all others. */
export function orProblem(meanings: Partial<Record<number, ProblemCode>>): (error: unknown) => never {
  return (error) => {
    if (!isServiceError(error)) throw error;
    const code = byReason[readFaultReason(error)] ?? meanings[error.code];
    throw code ? new Problem(code, sentence(error.details)) : error;
  };
}

/** For `catch` of a call that may be repeated: null where the answer was lost. Rethrows INTERNAL, which would fail again. */
export function nullUnlessFault(error: unknown): null {
  if (isServiceError(error) && error.code === status.INTERNAL) throw error;
  return null;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

export function isServiceError(error: unknown): error is ServiceError {
  const { code, details, metadata } = error as Partial<ServiceError>;
  return error instanceof Error && typeof code === 'number' && typeof details === 'string' && metadata !== undefined;
}

function fromGrpc(error: ServiceError): Problem {
  const { code, details } = error;
  const problem = byReason[readFaultReason(error)] ?? byGrpcStatus[code] ?? 'internal';
  // Details of the request's errors are for the client; those of this system's failures are not.
  const forCaller = problem !== 'internal' && problem !== 'unavailable' && problem !== 'busy';
  return new Problem(problem, forCaller ? sentence(details) : undefined);
}

function fromValidation({ validation = [], validationContext }: Partial<FastifyError>): Problem {
  const errors = validation.map(({ instancePath, message, params, keyword }) => {
    const extra = keyword === 'additionalProperties' ? params.additionalProperty : undefined;
    const missing = keyword === 'required' ? params.missingProperty : undefined;
    const field = [...instancePath.split('/').slice(1), extra ?? missing]
      .filter((part) => part !== undefined)
      .join('.');
    const text = (keyword === 'format' && formatMessages[String(params.format)]) || (message ?? '');
    return { in: validationContext ?? 'body', field, message: extra === undefined ? text : 'is unknown' };
  });
  const detail = errors
    .map(({ in: where, field, message }) => `${where}${field && ` ${field}`}: ${message}`)
    .join('; ');
  return new Problem('invalid_request', detail || undefined, { errors });
}

/** Fastify's own texts about bodies and URLs are written for clients. */
function readableDetail({ code, message }: Partial<FastifyError>): string | undefined {
  return code?.startsWith('FST_ERR_CTP_') || code === 'FST_ERR_BAD_URL' ? message : undefined;
}
