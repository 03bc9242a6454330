import { createHash, timingSafeEqual } from 'node:crypto';
import { type Metadata, ServerInterceptingCall, type ServerInterceptor, status } from '@grpc/grpc-js';
import { parseSecretKeys } from '../../proto/settings/secret-keys.ts';

/** Who only asks whether this process is well needs no token. */
const OPEN = '/grpc.health.v1.Health/';

/** Answers every call without one of the shared tokens (metadata `authorization: Bearer TOKEN`) with UNAUTHENTICATED. */
export function requireAuthentication(tokens: string): ServerInterceptor {
  const expected = parseSecretKeys(tokens).map(({ secret }) => digest(`Bearer ${secret}`));
  const knows = (metadata: Metadata) => {
    const given = digest(String(metadata.get('authorization')[0] ?? ''));
    return expected.some((one) => timingSafeEqual(given, one));
  };

  return ({ path }, call) => {
    if (path.startsWith(OPEN)) return new ServerInterceptingCall(call);
    return new ServerInterceptingCall(call, {
      start(next) {
        next({
          onReceiveMetadata(metadata, go) {
            if (knows(metadata)) go(metadata);
            else call.sendStatus({ code: status.UNAUTHENTICATED, details: 'the shared token is needed' });
          },
        });
      },
    });
  };
}

/** Texts of any length as bytes of one length, which can be compared without telling how much of them fits. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
