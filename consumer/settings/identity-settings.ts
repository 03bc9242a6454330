import { Type } from 'typebox';

/** Settings of tokens and of the signature of order numbers. */
export const identitySettings = {
  JWT_SECRET: Type.String({
    default: '',
    description: 'Secrets of HS256 tokens, comma-separated, at least 32 characters each; either this or JWKS_URL',
  }),
  JWKS_URL: Type.String({
    default: '',
    pattern: '^(https?://[^/]+/.+)?$',
    description: 'URL of the public keys of RS256 and ES256 tokens; either this or JWT_SECRET',
  }),
  JWT_ISSUER: Type.String({ default: 'flash-sale', minLength: 1, description: 'Required `iss` of tokens' }),
  JWT_AUDIENCE: Type.String({ default: 'flash-sale', minLength: 1, description: 'Required `aud` of tokens' }),
  ORDER_NO_KEY: Type.String({
    minLength: 32,
    description:
      'Secrets of order numbers, comma-separated, at least 32 characters each: the first signs, all are accepted. The same for all consumers',
  }),
  DEMO: Type.Enum(['on', 'off'], {
    default: 'off',
    description:
      'Enables POST /api/v1/demo/tokens, which creates a token for every caller; NODE_ENV=production refuses on',
  }),
};
