import { Type } from 'typebox';

/** The consumer's settings that say who may call, and how numbers are signed. */
export const identitySettings = {
  JWT_SECRET: Type.String({
    default: '',
    description: 'Secrets of HS256 tokens, with commas, at least 32 characters each; either this or JWKS_URL',
  }),
  JWKS_URL: Type.String({
    default: '',
    pattern: '^(https?://[^/]+/.+)?$',
    description: 'Address of the public keys of RS256 and ES256 tokens; either this or JWT_SECRET',
  }),
  JWT_ISSUER: Type.String({ default: 'flash-sale', minLength: 1, description: '`iss` that a token must have' }),
  JWT_AUDIENCE: Type.String({ default: 'flash-sale', minLength: 1, description: '`aud` that a token must have' }),
  ORDER_NO_KEY: Type.String({
    minLength: 32,
    description:
      'Secrets of order numbers, with commas, at least 32 characters each: the first signs, all are known. The same for all consumers',
  }),
  DEMO: Type.Enum(['on', 'off'], {
    default: 'off',
    description: 'Whether POST /api/v1/demo/tokens gives a token to every caller; NODE_ENV=production refuses on',
  }),
};
