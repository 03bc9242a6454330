import { createSigner } from 'fast-jwt';
import { signingKey } from '../../../../proto/settings/secret-keys.ts';
import type { SaleClient } from './sale-client.ts';

export type Role = 'buyer' | 'admin';
/** A token that names this buyer. */
export type TokenMaker = (buyer: string, role: Role) => Promise<string>;
/** `secret`: a list of them (parseSecretKeys), of which the first signs. */
export type JwtSettings = { secret: string; issuer: string; audience: string; validSeconds?: number };

const VALID_SECONDS = 3600;
const TRIES = 10;
const TOKENS_AT_ONCE = 50;

/** Signs tokens here: for the system of this machine, whose secret is known. */
export function signTokens({ secret, issuer, audience, validSeconds = VALID_SECONDS }: JwtSettings): TokenMaker {
  const sign = createSigner({ key: signingKey(secret).secret, algorithm: 'HS256' });
  return async (buyer, role) => {
    const exp = Math.floor(Date.now() / 1000) + validSeconds;
    return sign({ iss: issuer, aud: audience, sub: buyer, roles: role === 'admin' ? ['admin'] : [], exp });
  };
}

/** Asks for each token: one call each, where DEMO=on. */
export function requestTokens(client: SaleClient): TokenMaker {
  return async (buyer, role) => {
    for (let tries = 1; ; tries += 1) {
      const json = { buyer, role, minutes: VALID_SECONDS / 60 };
      const { status, body, retryAfterMs } = await client.send({ method: 'POST', path: '/api/v1/demo/tokens', json });
      if (status === 200 && typeof body.token === 'string') return body.token;
      const isPassing = status === 0 || status === 429 || status >= 500;
      if (!isPassing || tries === TRIES) {
        throw new Error(`no demo token: the answer was ${status || 'none'}${status === 404 ? ' (is DEMO=on?)' : ''}`);
      }
      await new Promise((resolve) => setTimeout(resolve, retryAfterMs));
    }
  };
}

/** One token for each, before the sale opens. */
export async function requestAll(buyers: number, make: (index: number) => Promise<string>): Promise<string[]> {
  const tokens: string[] = [];
  let next = 0;
  async function work(): Promise<void> {
    for (let index = next++; index < buyers; index = next++) tokens[index] = await make(index);
  }
  await Promise.all(Array.from({ length: Math.min(TOKENS_AT_ONCE, buyers) }, work));
  return tokens;
}
