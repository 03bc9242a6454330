import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { Draw } from '../../proto/gen/flashsale/v1/Draw.ts';
import { answerTagged, taggedHeaders } from '../api/answer-tagged.ts';
import { problemResponses, sidParams } from '../api/api-schemas.ts';
import { Problem } from '../http/problem.ts';
import { namesTag } from '../http/read-headers.ts';
import type { Providers } from '../providers/connect-providers.ts';
import type { StockReader } from '../stocks/stock-reader.ts';
import type { DrawCalls } from './draw-calls.ts';
import { createDrawFiles, findStated } from './draw-files.ts';
import { drawView } from './draw-view.ts';

export type DrawRoutesOptions = {
  stocks: Pick<StockReader, 'read'>;
  providers: Pick<Providers, 'listEntryIds'>;
  drawCalls: Pick<DrawCalls, 'draws'>;
};

/** GET /stocks/{sid}/draw and its public file: the same for everybody. */
export function drawRoutes({ stocks, providers, drawCalls }: DrawRoutesOptions) {
  const openFile = createDrawFiles(providers);

  /** Reads of stocks that do not exist are limited. */
  async function readDraw(sid: number): Promise<Draw> {
    const stock = await stocks.read(sid);
    if (stock.value?.kind !== 'sale') throw new Problem('stock_not_found', `No such stock: ${sid}.`);
    const { value } = await drawCalls.draws.read(sid);
    if (!value) throw new Problem('no_draw');
    return value;
  }

  return async (app: FastifyInstance): Promise<void> => {
    const api = app.withTypeProvider<TypeBoxTypeProvider>();

    api.get('/stocks/:sid/draw', { schema: drawRouteSchema }, async (request, reply) =>
      answerTagged(request, reply, drawView(await readDraw(request.params.sid))),
    );

    const file = { schema: fileSchema, exposeHeadRoute: false };
    api.get('/stocks/:sid/draw/file', file, async (request, reply) => {
      const { sid } = request.params;
      const draw = await readDraw(sid);
      const { attempt = draw.attempt } = request.query;
      const stated = findStated(draw, attempt);
      if (!stated) throw new Problem('not_stated');
      const tag = `W/"${fileTag(draw, attempt)}"`;
      reply.headers({ etag: tag, 'cache-control': 'public, max-age=1' });
      if (namesTag(request.headers['if-none-match'], tag)) return reply.code(304).send(null);
      reply
        .type('text/plain; charset=utf-8')
        .header('content-disposition', `inline; filename="${fileName(draw, attempt)}"`);
      return reply.send((await openFile(stated)) as never);
    });
  };
}

/** As the database stores it. */
const MAX_ATTEMPT = 65_535;

/** Entries that leave after the draw change the file too, so an answer is the same for a minute at most. */
function fileTag({ attempt: latest, state, offeredPlace }: Draw, attempt: number): string {
  return `${attempt}-${attempt === latest ? `${state}-${offeredPlace}` : 'ended'}-${Math.floor(Date.now() / 60_000)}`;
}

function fileName({ sid, attempt: latest }: Draw, attempt: number): string {
  return attempt === latest ? `draw-${sid}.txt` : `draw-${sid}-${attempt}.txt`;
}

const drawRouteSchema = {
  operationId: 'getDraw',
  summary: 'Get the draw of a stock',
  description:
    'The rules before entries open, the statement after they closed, the randomness that decided, and how far offers went. At most one second old. Pages keep the first statement that they saw.',
  tags: ['draws'],
  params: sidParams,
  response: {
    200: Type.Unsafe<object>({ $ref: 'Draw#', description: 'The draw', headers: taggedHeaders }),
    304: Type.Null({ description: 'Not modified' }),
    ...problemResponses('stock_not_found', 'no_draw'),
  },
};

const fileSchema = {
  operationId: 'getDrawFile',
  summary: 'Get the public file of a draw',
  description:
    'Everything that a check needs: rules, statement, randomness, all ids and those that left (docs/draw-protocol.md). `flash-sale draw verify FILE` checks it. From the statement on.',
  tags: ['draws'],
  params: sidParams,
  querystring: Type.Object(
    {
      attempt: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: MAX_ATTEMPT,
          description: 'The file of an earlier line that has ended (`endedAttempts`); default: the latest attempt',
        }),
      ),
    },
    { additionalProperties: false },
  ),
  response: {
    200: {
      description: 'The file: about 65 bytes for each entry',
      headers: taggedHeaders,
      content: { 'text/plain': { schema: Type.String() } },
    },
    304: Type.Null({ description: 'Not modified' }),
    ...problemResponses('stock_not_found', 'no_draw', 'not_stated'),
  },
};
