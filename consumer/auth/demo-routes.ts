import { randomBytes } from 'node:crypto';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { createSigner } from 'fast-jwt';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { signingKey } from '../../proto/settings/secret-keys.ts';
import { time } from '../api/api-schemas.ts';
import { roles } from '../settings/parse-role-names.ts';
import type { ConsumerConfig } from '../settings/settings-schema.ts';

const MINUTES = 60;

export type DemoRoutesOptions = { config: Pick<ConsumerConfig, 'JWT_SECRET' | 'JWT_ISSUER' | 'JWT_AUDIENCE'> };

/** POST /demo/tokens: a token for every caller. Only with DEMO=on, which production refuses. */
export function demoRoutes({ config }: DemoRoutesOptions) {
  return async (app: FastifyInstance): Promise<void> => {
    const sign = createSigner({ key: signingKey(config.JWT_SECRET).secret, algorithm: 'HS256' });
    const api = app.withTypeProvider<TypeBoxTypeProvider>();

    // A missing body counts as an empty object.
    const preValidation = async (request: FastifyRequest) => {
      if (request.body === undefined) request.body = {};
    };

    api.post('/demo/tokens', { schema, preValidation }, async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const { buyer = `demo-${randomBytes(6).toString('hex')}`, role, minutes = MINUTES } = request.body;
      const exp = Math.floor(Date.now() / 1000) + minutes * 60;
      const given = role === 'buyer' ? [] : [role];
      const token = sign({ iss: config.JWT_ISSUER, aud: config.JWT_AUDIENCE, sub: buyer, roles: given, exp });
      return { token, buyer, expiresAt: new Date(exp * 1000).toISOString() };
    });
  };
}

const schema = {
  operationId: 'createDemoToken',
  summary: 'Create a demo token',
  description: 'Only with DEMO=on. Enter the token under “Authorize” above.',
  tags: ['demo'],
  body: Type.Object(
    {
      buyer: Type.Optional(
        Type.String({
          pattern: '^[!-~]{1,255}$',
          description: 'Subject of the token; default: a new buyer',
          examples: ['ann'],
        }),
      ),
      role: Type.Optional(Type.String({ enum: ['buyer', 'admin', ...roles], default: 'buyer' })),
      minutes: Type.Optional(
        Type.Integer({ minimum: 1, maximum: 1440, default: MINUTES, description: 'Validity in minutes' }),
      ),
    },
    { additionalProperties: false },
  ),
  response: {
    200: Type.Object(
      { token: Type.String(), buyer: Type.String(), expiresAt: time('When the token expires') },
      { description: 'The token' },
    ),
  },
};
