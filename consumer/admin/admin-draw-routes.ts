import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { status } from '@grpc/grpc-js';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { bearerSecurity, integer, nullable, problemResponses, sidParams } from '../api/api-schemas.ts';
import type { Identify } from '../auth/identify.ts';
import { nameActor } from '../auth/name-actor.ts';
import { drawSchema, drawView } from '../draws/draw-view.ts';
import { Problem } from '../http/problem.ts';
import { orProblem } from '../http/to-problem.ts';
import type { Providers } from '../providers/connect-providers.ts';

export type AdminDrawRoutesOptions = {
  identify: Identify;
  providers: Pick<Providers, 'summarizeDraw' | 'eraseEntry'>;
};

/** /admin/stocks/{sid}/draw, and the erasure of an entry. */
export function adminDrawRoutes({ identify, providers }: AdminDrawRoutesOptions) {
  return async (app: FastifyInstance): Promise<void> => {
    const api = app.withTypeProvider<TypeBoxTypeProvider>();
    const onRequest = identify.adminOnly;

    api.get('/admin/stocks/:sid/draw', { schema: summarySchema, onRequest }, async ({ params: { sid } }, reply) => {
      const { draw, waiting, offered, left, enteredLastMinute, reachesAtMost } = await providers
        .summarizeDraw({ sid })
        .catch(orProblem({ [status.NOT_FOUND]: 'no_draw' }));
      if (!draw) throw new Problem('internal');
      reply.header('cache-control', 'no-store');
      return {
        ...drawView(draw),
        waiting,
        offered,
        left,
        enteredLastMinute,
        reachesAtMost: reachesAtMost ?? null,
      };
    });

    api.post('/admin/stocks/:sid/entries/erase', { schema: eraseSchema, onRequest }, async (request, reply) => {
      const { sid } = request.params;
      const { buyer } = request.body;
      await providers
        .eraseEntry({ sid, buyer, actor: nameActor(request) })
        .catch(orProblem({ [status.NOT_FOUND]: 'entry_not_found' }));
      request.log.info({ by: request.identity.buyer, sid }, 'entry erased');
      return reply.code(204).send(null);
    });
  };
}

const common = { tags: ['admin'], security: bearerSecurity, params: sidParams };

const summarySchema = {
  ...common,
  operationId: 'getAdminDraw',
  summary: 'Get a draw with its counts',
  description: 'Reads all entries of the stock, at most once a second; of very many entries less often.',
  response: {
    200: Type.Object(
      {
        ...drawSchema.properties,
        waiting: integer('Entries whose turn is still to come', 119_000),
        offered: integer('Entries that had their turn', 20),
        left: integer('Entries that left', 980),
        enteredLastMinute: integer('Entries of the last 60 s', 700),
        reachesAtMost: nullable(
          integer(
            'People whom the line reaches if no offer is paid: units × the open time divided by the time to pay',
            1920,
          ),
        ),
      },
      { description: 'The draw' },
    ),
    ...problemResponses('no_draw'),
  },
};

const eraseSchema = {
  ...common,
  operationId: 'eraseEntry',
  summary: 'Erase an entry',
  description:
    'At the request of its buyer. One that waits ends. Once entries are closed its bare id stays in the public file and is passed over.',
  body: Type.Object(
    { buyer: Type.String({ pattern: '^[!-~]{1,255}$', description: 'Its buyer', examples: ['ann'] }) },
    { additionalProperties: false },
  ),
  response: { 204: Type.Null({ description: 'Erased' }), ...problemResponses('entry_not_found') },
};
