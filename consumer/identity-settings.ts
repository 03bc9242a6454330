import { Type } from 'typebox';

/** The consumer's settings that say who may call, and how numbers are signed. */
export const identitySettings = {
  NODE_ENV: Type.String({ default: 'development', description: 'production refuses weak secrets and DEMO=on' }),
  JWT_SECRET: Type.String({
    default: '',
    description: 'Secret of HS256 tokens, at least 32 characters; either this or JWKS_URL',
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
      'Secret that order numbers are signed with, at least 32 characters, the same for all consumers and for ever',
  }),
  DEMO: Type.Enum(['on', 'off'], {
    default: 'off',
    description: 'Whether POST /api/v1/demo/tokens gives a token to anybody',
  }),
};
