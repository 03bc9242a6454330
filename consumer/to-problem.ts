import { type ServiceError, status } from '@grpc/grpc-js';
import type { FastifyError } from 'fastify';
import { QueueFullError } from '../proto/gather-batches.ts';
import { Problem, type ProblemCode } from './problem.ts';

/** A provider's status as a problem. Routes that know better, such as which thing was not found, say so themselves. */
const byGrpcStatus: Partial<Record<number, ProblemCode>> = {
  [status.INVALID_ARGUMENT]: 'invalid_request',
  [status.OUT_OF_RANGE]: 'invalid_request',
  [status.NOT_FOUND]: 'not_found',
  [status.ALREADY_EXISTS]: 'stock_exists',
  [status.FAILED_PRECONDITION]: 'units_sold',
  [status.RESOURCE_EXHAUSTED]: 'busy',
  [status.UNAVAILABLE]: 'unavailable',
  [status.DEADLINE_EXCEEDED]: 'unavailable',
  [status.CANCELLED]: 'unavailable',
  [status.ABORTED]: 'unavailable',
  // UNAUTHENTICATED, UNIMPLEMENTED, INTERNAL and the rest are faults of ours.
};

const byHttpStatus: Partial<Record<number, ProblemCode>> = {
  400: 'bad_request',
  404: 'not_found',
  405: 'method_not_allowed',
  406: 'not_acceptable',
  413: 'body_too_large',
  414: 'bad_request',
  415: 'unsupported_media_type',
  431: 'headers_too_large',
};

/** What a caller is told of anything that was thrown. Only texts made for callers go out. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof QueueFullError) return new Problem('busy');
  if (isServiceError(error)) return fromGrpc(error);
  const fault = error as Partial<FastifyError>;
  if (fault.validation) return fromValidation(fault);
  const code = byHttpStatus[fault.statusCode ?? 500];
  return new Problem(code ?? 'internal', code ? readableDetail(fault) : undefined);
}

/** Takes the place of a provider's NOT_FOUND: the caller of the rpc knows what it was that is not there. */
export function orNotFound(code: ProblemCode): (error: unknown) => never {
  return (error) => {
    throw isServiceError(error) && error.code === status.NOT_FOUND ? new Problem(code) : error;
  };
}

export function isServiceError(error: unknown): error is ServiceError {
  const { code, details, metadata } = error as Partial<ServiceError>;
  return error instanceof Error && typeof code === 'number' && typeof details === 'string' && metadata !== undefined;
}

function fromGrpc({ code, details }: ServiceError): Problem {
  const problem = byGrpcStatus[code] ?? 'internal';
  // What is wrong with a request is the caller's business; what is wrong with us is not.
  const forCaller = problem !== 'internal' && problem !== 'unavailable' && problem !== 'busy';
  return new Problem(problem, forCaller ? details : undefined);
}

function fromValidation({ validation = [], validationContext }: Partial<FastifyError>): Problem {
  const errors = validation.map(({ instancePath, message, params, keyword }) => {
    const extra = keyword === 'additionalProperties' ? params.additionalProperty : undefined;
    const missing = keyword === 'required' ? params.missingProperty : undefined;
    const field = [...instancePath.split('/').slice(1), extra ?? missing]
      .filter((part) => part !== undefined)
      .join('.');
    return { in: validationContext ?? 'body', field, message: extra === undefined ? (message ?? '') : 'is not known' };
  });
  const detail = errors
    .map(({ in: where, field, message }) => `${where}${field && ` ${field}`}: ${message}`)
    .join('; ');
  return new Problem('invalid_request', detail || undefined, { errors });
}

/** Fastify's own texts about a body or an address are written for callers. */
function readableDetail({ code, message }: Partial<FastifyError>): string | undefined {
  return code?.startsWith('FST_ERR_CTP_') || code === 'FST_ERR_BAD_URL' ? message : undefined;
}
