import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Clock, realClock } from '../../proto/process/clock.ts';
import { Problem } from '../http/problem.ts';
import type { ConsumerConfig } from '../settings/settings-schema.ts';
import { createIdentityReader, type Identity } from './identity-reader.ts';
import { rolesOf } from './route-roles.ts';
import { type Claims, createTokenVerifier } from './token-verifier.ts';

export type { Identity };

declare module 'fastify' {
  interface FastifyRequest {
    /** The caller. Set by the hooks `buyerOnly` and `adminOnly`. */
    identity: Identity;
  }
}

type Log = { debug(values: object, message: string): void };
type Hook = (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) => void;

export type Identify = {
  /** The caller; a promise only when keys may have to be read. Throws or rejects with a Problem. */
  find(authorization: string | undefined, log: Log): Identity | Promise<Identity>;
  /** onRequest hook: requires a valid token. */
  buyerOnly: Hook;
  /** onRequest hook: requires a valid token with a role of this route (route-roles.ts). */
  adminOnly: Hook;
};

const MAX_TOKEN_LENGTH = 8192;
const CHALLENGE = 'Bearer realm="flash-sale"';

/** `onKeysNotRead`: called when the key set at JWKS_URL cannot be read. */
export function createIdentify(config: ConsumerConfig, clock: Clock = realClock, onKeysNotRead?: () => void): Identify {
  const verify = createTokenVerifier(config, clock, onKeysNotRead);
  const readIdentity = createIdentityReader(config);

  function toIdentity(claims: Claims): Identity {
    const identity = readIdentity(claims);
    if (identity) return identity;
    throw refusal(`\`${config.BUYER_CLAIM}\` of the token must be 1 to 255 visible ASCII characters.`, 'invalid_token');
  }

  function find(authorization: string | undefined, log: Log): Identity | Promise<Identity> {
    const refuse = (error: unknown): never => {
      if (error instanceof Problem) throw error;
      log.debug({ err: error }, 'token refused');
      throw refusal('The token is invalid or expired.', 'invalid_token');
    };
    const token = readToken(authorization);
    let claims: Claims | Promise<Claims>;
    try {
      claims = verify(token);
    } catch (error) {
      return refuse(error);
    }
    return claims instanceof Promise ? claims.then(toIdentity, refuse) : toIdentity(claims);
  }

  /** Calls `check` with the caller, and then `done`: in the same turn where no keys have to be read, because a promise costs a microtask. */
  const hook =
    (check?: (request: FastifyRequest) => void): Hook =>
    (request, _reply, done) => {
      const accept = (identity: Identity) => {
        request.identity = identity;
        check?.(request);
      };
      const identity = find(request.headers.authorization, request.log);
      if (identity instanceof Promise) {
        identity.then(accept).then(() => done(), done);
      } else {
        accept(identity);
        done();
      }
    };

  return { find, buyerOnly: hook(), adminOnly: hook(requireRole) };
}

/** Throws Problem `forbidden` when the caller has no role of this route. */
function requireRole(request: FastifyRequest): void {
  const allowed = rolesOf(request.method, request.routeOptions.url ?? '');
  if (allowed.some((role) => request.identity.roles.includes(role))) return;
  throw new Problem(
    'forbidden',
    `This call needs the role ${allowed.join(' or ')}.`,
    {},
    { 'www-authenticate': challenge('insufficient_scope') },
  );
}

function readToken(header: string | undefined): string {
  const token = /^Bearer +([A-Za-z0-9._~+/=-]+) *$/i.exec(header ?? '')?.[1];
  if (token === undefined) throw refusal(undefined, header === undefined ? undefined : 'invalid_request');
  if (token.length > MAX_TOKEN_LENGTH) throw refusal('The token is too long.', 'invalid_token');
  return token;
}

function refusal(detail?: string, error?: string): Problem {
  return new Problem('unauthorized', detail, {}, { 'www-authenticate': challenge(error) });
}

/** The WWW-Authenticate header of RFC 6750. */
function challenge(error?: string): string {
  return error === undefined ? CHALLENGE : `${CHALLENGE}, error="${error}"`;
}
