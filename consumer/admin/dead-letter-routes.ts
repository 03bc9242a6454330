import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { DeadLetter } from '../../proto/gen/flashsale/v1/DeadLetter.ts';
import { bearerSecurity, cursorQuery, nextCursor, nullable, problemResponses, time } from '../api/api-schemas.ts';
import { createCursors } from '../api/cursors.ts';
import { pageHeaders } from '../api/link-next-page.ts';
import type { Identify } from '../auth/identify.ts';
import type { Providers } from '../providers/connect-providers.ts';
import type { ConsumerConfig } from '../settings/settings-schema.ts';

const LIST = 'dead-letters';

export type DeadLetterRoutesOptions = {
  config: Pick<ConsumerConfig, 'ORDER_NO_KEY'>;
  identify: Identify;
  providers: Pick<Providers, 'listDeadLetters'>;
};

/** GET /admin/dead-letters: the records of the topic orders-dead. */
export function deadLetterRoutes({ config, identify, providers }: DeadLetterRoutesOptions) {
  const cursors = createCursors(config.ORDER_NO_KEY);
  return async (app: FastifyInstance): Promise<void> => {
    const api = app.withTypeProvider<TypeBoxTypeProvider>();
    api.get('/admin/dead-letters', { schema, onRequest: identify.adminOnly }, async (request, reply) => {
      const { limit, cursor } = request.query;
      const beforeOffset = Number(cursors.read(LIST, cursor));
      const page = await providers.listDeadLetters({ beforeOffset, pageSize: limit });
      const next = cursors.link(request, reply, LIST, page.nextBeforeOffset);
      reply.header('cache-control', 'no-store');
      return { deadLetters: page.letters.map(letterView), nextCursor: next };
    });
  };
}

function letterView({
  deadOffset,
  partition,
  recordOffset,
  index,
  atMs,
  reason,
  orderNos,
  hasValue,
  bytes,
}: DeadLetter) {
  return {
    deadLetterId: String(deadOffset),
    at: new Date(atMs).toISOString(),
    reason,
    partition: partition ?? null,
    offset: recordOffset === undefined ? null : String(recordOffset),
    index: index ?? null,
    orderNos,
    bytes: hasValue ? bytes : null,
  };
}

const schema = {
  operationId: 'listDeadLetters',
  summary: 'List dead letters',
  description: [
    'Newest first: records of orders that could not be decided, kept in the topic `orders-dead`. A page may be short and still have a',
    '`nextCursor`. `npm run replay -- --dead-letters` appends them again after their cause was fixed.',
  ].join(' '),
  tags: ['admin'],
  security: bearerSecurity,
  querystring: Type.Object(cursorQuery(100, 100), { additionalProperties: false }),
  response: {
    200: Type.Object(
      {
        deadLetters: Type.Array(
          Type.Object({
            deadLetterId: Type.String({ description: 'Its offset in `orders-dead`', examples: ['12'] }),
            at: time('When it was dead-lettered'),
            reason: Type.String({ examples: ['there is no stock 1001'] }),
            partition: nullable(Type.Integer({ description: 'Partition of the record in `orders`; null: unknown' })),
            offset: nullable(
              Type.String({ description: 'Offset of the record in `orders`; null: unknown', examples: ['4711'] }),
            ),
            index: nullable(
              Type.Integer({ description: 'Place of the order in its record; null: the letter is the whole record' }),
            ),
            orderNos: Type.Array(Type.String(), {
              description: 'Its orders; empty: its bytes cannot be read as signed orders',
            }),
            bytes: nullable(Type.Integer({ description: 'Size; null: too large to be kept' })),
          }),
        ),
        nextCursor,
      },
      { description: 'A page of dead letters', headers: pageHeaders },
    ),
    ...problemResponses('forbidden', 'unavailable'),
  },
};
