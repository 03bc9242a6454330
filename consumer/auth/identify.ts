import type { FastifyRequest } from 'fastify';
import { isBuyer } from '../../proto/messages/order-record.ts';
import { type Clock, realClock } from '../../proto/process/clock.ts';
import { Problem } from '../http/problem.ts';
import type { ConsumerConfig } from '../settings/settings-schema.ts';
import { rolesOf } from './route-roles.ts';
import { type Claims, createTokenVerifier } from './token-verifier.ts';

export type Identity = {
  /** `sub` of the token: 1 to 255 visible ASCII characters. */
  buyer: string;
  roles: string[];
  /** `exp` of the token, in milliseconds since 1970. */
  untilMs: number;
};

declare module 'fastify' {
  interface FastifyRequest {
    /** The caller. Set by the hooks `buyerOnly` and `adminOnly`. */
    identity: Identity;
  }
}

export type Identify = {
  /** onRequest hook: requires a valid token. */
  buyerOnly(request: FastifyRequest): Promise<void>;
  /** onRequest hook: requires a valid token with a role of this route (route-roles.ts). */
  adminOnly(request: FastifyRequest): Promise<void>;
};

const MAX_TOKEN_LENGTH = 8192;
const CHALLENGE = 'Bearer realm="flash-sale"';

export function createIdentify(config: ConsumerConfig, clock: Clock = realClock): Identify {
  const verify = createTokenVerifier(config, clock);

  async function identify(request: FastifyRequest): Promise<Identity> {
    const token = readToken(request.headers.authorization);
    let claims: Claims;
    try {
      claims = await verify(token);
    } catch (error) {
      if (error instanceof Problem) throw error;
      request.log.debug({ err: error }, 'token refused');
      throw refusal('The token is invalid or expired.', 'invalid_token');
    }
    return toIdentity(claims);
  }

  return {
    async buyerOnly(request) {
      request.identity = await identify(request);
    },
    async adminOnly(request) {
      request.identity = await identify(request);
      const allowed = rolesOf(request.method, request.routeOptions.url ?? '');
      if (!allowed.some((role) => request.identity.roles.includes(role))) {
        throw new Problem(
          'forbidden',
          `This call needs the role ${allowed.join(' or ')}.`,
          {},
          { 'www-authenticate': challenge('insufficient_scope') },
        );
      }
    },
  };
}

function readToken(header: string | undefined): string {
  const token = /^Bearer +([A-Za-z0-9._~+/=-]+) *$/i.exec(header ?? '')?.[1];
  if (token === undefined) throw refusal(undefined, header === undefined ? undefined : 'invalid_request');
  if (token.length > MAX_TOKEN_LENGTH) throw refusal('The token is too long.', 'invalid_token');
  return token;
}

function toIdentity({ sub, roles, exp }: Claims): Identity {
  if (typeof sub !== 'string' || !isBuyer(sub)) {
    throw refusal('`sub` of the token must be 1 to 255 visible ASCII characters.', 'invalid_token');
  }
  const given = Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : [];
  return { buyer: sub, roles: given, untilMs: exp * 1000 };
}

function refusal(detail?: string, error?: string): Problem {
  return new Problem('unauthorized', detail, {}, { 'www-authenticate': challenge(error) });
}

/** The WWW-Authenticate header of RFC 6750. */
function challenge(error?: string): string {
  return error === undefined ? CHALLENGE : `${CHALLENGE}, error="${error}"`;
}
