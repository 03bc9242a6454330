import type { IdempotentRequest } from '../../db/mysql/change-once.ts';
import type { IdempotentRequest as IdempotentRequestMessage } from '../../proto/gen/flashsale/v1/IdempotentRequest.ts';
import { isBuyer } from '../../proto/messages/order-record.ts';
import { InvalidFieldError } from './describe-fault.ts';

const KEY = /^[!-~]{1,200}$/;
const DIGEST = /^[\w-]{43}$/;

/** Null: the client has sent no key, or the consumer is of an earlier release. Throws InvalidFieldError. */
export function checkIdempotency(message: IdempotentRequestMessage | null): IdempotentRequest | null {
  if (!message) return null;
  const { caller, key, digest } = message;
  if (!isBuyer(caller)) throw new InvalidFieldError('idempotency.caller', 'must be 1 to 255 visible ASCII characters');
  if (!KEY.test(key)) throw new InvalidFieldError('idempotency.key', 'must be 1 to 200 visible ASCII characters');
  if (!DIGEST.test(digest)) throw new InvalidFieldError('idempotency.digest', 'must be a SHA-256 in base64url');
  return { caller, key, digest };
}
