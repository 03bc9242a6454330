import { createSigner } from 'fast-jwt';

/** Settings of every process in tests; all others have their defaults. */
export const testEnvironment = {
  NODE_ENV: 'test',
  GATEWAY: 'sandbox',
  // Each process of a test would use a second of processor time.
  WARM_UP: 'off',
  ORDER_RECORD_KEY: 'nB4xV7cQ1wRt8yUj5kLm2zGh9sDf3aPe',
  DECISION_KEY: 'Tg5hY2jU9kI4lO7pQ1wE8rS3dF6vC0xZ',
  WEBHOOK_KEY: 'b4N8sK1xW6dQ9zL3gT7mR2vH5cJ0fPyE',
};

/** Secrets of the consumers in tests. */
export const testSecrets = {
  JWT_SECRET: 'kq3rM8vXz5Lw0TtYb7Jd2HfNs9PcGaE4',
  ORDER_NO_KEY: 'Zp6uWn1oRk8xQv3yBm5tCj0sLd7hFg2i',
};

type TokenOptions = { roles?: string[]; secret?: string; expiresInMs?: number; claims?: Record<string, unknown> };

/** A token of this buyer that the consumers accept. `claims` override all others. */
export function createToken(buyer: string, options: TokenOptions = {}): string {
  const { roles, secret = testSecrets.JWT_SECRET, expiresInMs = 600_000, claims } = options;
  const sign = createSigner({ key: secret, algorithm: 'HS256', noTimestamp: false });
  const seconds = Math.floor((Date.now() + expiresInMs) / 1000);
  return sign({ sub: buyer, iss: 'flash-sale', aud: 'flash-sale', exp: seconds, ...(roles && { roles }), ...claims });
}

/** The headers for `fetch`. */
export function bearer(buyer: string, options: TokenOptions = {}): { authorization: string } {
  return { authorization: `Bearer ${createToken(buyer, options)}` };
}
