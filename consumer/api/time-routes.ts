import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { time } from './api-schemas.ts';

/** GET /time: for clients that count down to an opening with a clock that may be wrong. */
export async function timeRoutes(app: FastifyInstance): Promise<void> {
  const api = app.withTypeProvider<TypeBoxTypeProvider>();
  api.get('/time', { schema }, async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    return { now: new Date().toISOString() };
  });
}

const schema = {
  operationId: 'getTime',
  summary: 'Get the server time',
  description: 'In milliseconds. The time is older by about half of the request’s duration.',
  tags: ['stocks'],
  response: { 200: Type.Object({ now: time('Server time') }, { description: 'The server time' }) },
};
