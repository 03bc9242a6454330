import { createHash } from 'node:crypto';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { STOCK_FRESH_MS } from '../db/stock-cache.ts';
import { realClock } from '../proto/clock.ts';
import { keepFresh } from '../proto/keep-fresh.ts';
import type { ApiParts } from './api.ts';
import { nextCursor, problemResponses, sidParams } from './api-schemas.ts';
import { namesTag } from './parse-headers.ts';
import { Problem } from './problem.ts';
import { toStock } from './read-stock.ts';
import { stockView } from './stock-view.ts';

const PAGE_SIZE = 100;
const PAGES_IN_MEMORY = 100;

/** GET /stocks, GET /stocks/{sid}: for everybody, and for a second in anybody's cache. */
export function stockRoutes({ providers, readStock }: ApiParts) {
  const pages = keepFresh(realClock, PAGES_IN_MEMORY, async (afterSid: number) => {
    const { stocks } = await providers.listStocks({ kind: 'sale', afterSid, pageSize: PAGE_SIZE, newestFirst: true });
    return { value: stocks.map(toStock), freshForMs: STOCK_FRESH_MS, heldMs: 0 };
  });

  return async (app: FastifyInstance): Promise<void> => {
    const api = app.withTypeProvider<TypeBoxTypeProvider>();

    api.get('/stocks', { schema: listSchema }, async (request, reply) => {
      const { value: stocks, ...age } = await pages.read(request.query.cursor ?? 0);
      const last = stocks.length === PAGE_SIZE ? stocks.at(-1) : undefined;
      const body = {
        stocks: stocks.map((value) => stockView({ value, ...age })),
        nextCursor: last ? String(last.sid) : null,
      };
      return answerTagged(request, reply, body);
    });

    api.get('/stocks/:sid', { schema: oneSchema }, async (request, reply) => {
      const { value, ...age } = await readStock(request.params.sid);
      if (value?.kind !== 'sale')
        throw new Problem('stock_not_found', `There is no stock ${request.params.sid} for sale.`);
      return answerTagged(request, reply, stockView({ value, ...age }));
    });
  };
}

/** With an ETag made of the answer itself; 304 to whoever has it already. */
function answerTagged<T extends object>(request: FastifyRequest, reply: FastifyReply, body: T): T | FastifyReply {
  const tag = `W/"${createHash('sha1').update(JSON.stringify(body)).digest('base64url')}"`;
  reply.headers({ etag: tag, 'cache-control': 'public, max-age=1' });
  return namesTag(request.headers['if-none-match'], tag) ? reply.code(304).send() : body;
}

const tagged = {
  ETag: { type: 'string', description: 'Send it as If-None-Match' },
  'Cache-Control': { type: 'string', description: '`public, max-age=1`' },
};

const listSchema = {
  operationId: 'listStocks',
  summary: 'What is for sale',
  description: 'The newest first, by id, at most one second old.',
  tags: ['stocks'],
  querystring: Type.Object(
    {
      cursor: Type.Optional(
        Type.Integer({
          minimum: 0,
          maximum: Number.MAX_SAFE_INTEGER,
          description: '`nextCursor` of the page before; none: the first page',
        }),
      ),
    },
    { additionalProperties: false },
  ),
  response: {
    200: Type.Object(
      { stocks: Type.Array(Type.Unsafe<object>({ $ref: 'Stock#' })), nextCursor },
      { description: 'A page of stocks', headers: tagged },
    ),
    304: Type.Null({ description: 'As it was' }),
  },
};

const oneSchema = {
  operationId: 'getStock',
  summary: 'One stock',
  description: 'Name, price, units, times and state, at most one second old.',
  tags: ['stocks'],
  params: sidParams,
  response: {
    200: Type.Unsafe<object>({ $ref: 'Stock#', description: 'The stock', headers: tagged }),
    304: Type.Null({ description: 'As it was' }),
    ...problemResponses('stock_not_found'),
  },
};
