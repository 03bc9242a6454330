import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { IdempotentRequestInput } from '../../proto/gen/flashsale/v1/IdempotentRequest.ts';
import { readIdempotencyKey } from '../http/read-headers.ts';

/** preValidation hook: refuses an invalid key before the schema does, with the problem of its own. */
export function checkIdempotencyKey(request: FastifyRequest, _reply: unknown, done: () => void): void {
  readIdempotencyKey(request.headers['idempotency-key']);
  done();
}

/**
 * Names a request for the provider, which makes its change once for each key of a caller. Undefined without `Idempotency-Key`. Requires a
 * hook of Identify.
 */
export function nameRequest(request: FastifyRequest): { idempotency?: IdempotentRequestInput } {
  const key = readIdempotencyKey(request.headers['idempotency-key']);
  if (key === undefined) return {};
  const { method, url, body, identity } = request;
  const text = JSON.stringify([method, url, body ?? null]);
  const digest = createHash('sha256').update(text).digest('base64url');
  return { idempotency: { caller: identity.buyer, key, digest } };
}
