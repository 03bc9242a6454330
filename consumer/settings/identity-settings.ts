import { Type } from 'typebox';
import { claimName } from './claim-name.ts';

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
  BUYER_CLAIM: claimName('sub', 'Claim that names the buyer; a value that begins with / is a JSON Pointer (RFC 6901)'),
  ROLES_CLAIM: claimName(
    'roles',
    'Claim with the list of roles, such as https://shop.example/roles; a value that begins with / is a JSON Pointer, such as /realm_access/roles',
  ),
  ROLE_NAMES: Type.String({
    default: '',
    description:
      'The identity provider’s names of the roles: name=role, comma-separated, such as sale-admin=admin; other names grant nothing. Empty: the names are admin, operator, finance and viewer. Required when ROLES_CLAIM is not roles',
  }),
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
