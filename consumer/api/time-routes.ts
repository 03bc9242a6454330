import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { time } from './api-schemas.ts';

/** GET /time: for whoever counts down to an opening and has a clock that may be wrong. */
export async function timeRoutes(app: FastifyInstance): Promise<void> {
  const api = app.withTypeProvider<TypeBoxTypeProvider>();
  api.get('/time', { schema }, async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    return { now: new Date().toISOString() };
  });
}

const schema = {
  operationId: 'getTime',
  summary: 'The server’s clock',
  description: 'To the millisecond. Half the time that the answer took is about how old it is.',
  tags: ['stocks'],
  response: { 200: Type.Object({ now: time('Now') }, { description: 'The time' }) },
};
