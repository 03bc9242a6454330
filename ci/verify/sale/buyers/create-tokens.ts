import { createSigner } from 'fast-jwt';
import { signingKey } from '../../../../proto/settings/secret-keys.ts';
import type { HttpClient } from './http-client.ts';
import { sendUntil } from './send-until.ts';

export type Role = 'buyer' | 'admin';
/** Creates a token of this buyer. */
export type TokenMaker = (buyer: string, role: Role) => Promise<string>;
/** `secret`: a list of secrets (parseSecretKeys); the first one signs. */
export type JwtSettings = { secret: string; issuer: string; audience: string; validSeconds?: number };

const VALID_SECONDS = 3600;
const TOKENS_AT_ONCE = 50;

/** Signs tokens locally, for a system whose secret is known. */
export function signTokens({ secret, issuer, audience, validSeconds = VALID_SECONDS }: JwtSettings): TokenMaker {
  const sign = createSigner({ key: signingKey(secret).secret, algorithm: 'HS256' });
  return async (buyer, role) => {
    const exp = Math.floor(Date.now() / 1000) + validSeconds;
    return sign({ iss: issuer, aud: audience, sub: buyer, roles: role === 'admin' ? ['admin'] : [], exp });
  };
}

/** Requests each token from the API, which needs DEMO=on. */
export function requestTokens(client: HttpClient): TokenMaker {
  return async (buyer, role) => {
    const json = { buyer, role, minutes: VALID_SECONDS / 60 };
    try {
      const { body } = await sendUntil(client, { method: 'POST', path: '/api/v1/demo/tokens', json }, 200);
      return String(body.token);
    } catch (cause) {
      throw new Error(`no demo token (is DEMO=on?): ${(cause as Error).message}`, { cause });
    }
  };
}

/** Creates a token for each buyer, before the sale opens. */
export async function createTokens(buyers: number, create: (index: number) => Promise<string>): Promise<string[]> {
  const tokens: string[] = [];
  let next = 0;
  async function work(): Promise<void> {
    for (let index = next++; index < buyers; index = next++) tokens[index] = await create(index);
  }
  await Promise.all(Array.from({ length: Math.min(TOKENS_AT_ONCE, buyers) }, work));
  return tokens;
}
