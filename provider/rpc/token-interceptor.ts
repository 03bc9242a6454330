import { createHash, timingSafeEqual } from 'node:crypto';
import { type Metadata, ServerInterceptingCall, type ServerInterceptor } from '@grpc/grpc-js';
import { findKey, parseSecretKeys } from '../../proto/settings/secret-keys.ts';
import { CallError, describeFault } from './describe-fault.ts';

/** Health checks need no token. */
const OPEN = '/grpc.health.v1.Health/';

/** Rejects calls without one of the shared tokens (metadata `authorization: Bearer TOKEN`) as UNAUTHENTICATED. */
export function createTokenInterceptor(tokens: string): ServerInterceptor {
  const keys = parseSecretKeys(tokens);
  const expected = new Map(keys.map((key) => [key, digest(`Bearer ${key.secret}`)]));
  const isValid = (metadata: Metadata) => {
    const given = digest(String(metadata.get('authorization')[0] ?? ''));
    return findKey(keys, (key) => timingSafeEqual(given, expected.get(key) as Buffer)) !== undefined;
  };

  return ({ path }, call) => {
    if (path.startsWith(OPEN)) return new ServerInterceptingCall(call);
    return new ServerInterceptingCall(call, {
      start(next) {
        next({
          onReceiveMetadata(metadata, go) {
            if (isValid(metadata)) go(metadata);
            else call.sendStatus(describeFault(new CallError('TOKEN_REQUIRED', 'a valid token is required')));
          },
        });
      },
    });
  };
}

/** Hashes texts to a fixed length, so that comparing them reveals nothing. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
