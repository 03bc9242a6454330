import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { STOCK_FRESH_MS } from '../../db/stocks/stock-cache.ts';
import { STOCK_STATES, type Stock, type StockState } from '../../db/stocks/stock-table.ts';
import { realClock } from '../../proto/process/clock.ts';
import { createFreshCache, type Fresh } from '../../proto/process/fresh-cache.ts';
import { isAdmissionNeeded } from '../admission/admission-check.ts';
import { answerTagged, taggedHeaders } from '../api/answer-tagged.ts';
import { cursorQuery, nextCursor, problemResponses, sidParams } from '../api/api-schemas.ts';
import { createCursors } from '../api/cursors.ts';
import { pageHeaders } from '../api/link-next-page.ts';
import { Problem } from '../http/problem.ts';
import type { Providers } from '../providers/connect-providers.ts';
import type { ConsumerConfig } from '../settings/settings-schema.ts';
import { type StockReader, toStock } from './stock-reader.ts';
import { type StockView, stockView } from './stock-view.ts';

const PAGE_SIZE = 100;
const MAX_PAGES_IN_MEMORY = 100;

/** Stocks that can be bought now or soon come first, so that closed sales do not hide open ones. */
const PHASES: readonly (readonly StockState[])[] = [
  ['open', 'upcoming', 'paused'],
  ['sold_out', 'closed'],
];
const STATES = STOCK_STATES.join('|');

/** `end`: the place of the stock, for the page after it. */
type Page = { entries: { stock: Stock; end: string }[]; hasMore: boolean };

export type StockRoutesOptions = {
  config: Pick<ConsumerConfig, 'ORDER_NO_KEY' | 'ADMISSION'>;
  providers: Pick<Providers, 'listStocks'>;
  stocks: Pick<StockReader, 'read'>;
};

/** GET /stocks and GET /stocks/{sid}: public, and cacheable for one second. */
export function stockRoutes({ config, providers, stocks: reader }: StockRoutesOptions) {
  const pages = createFreshCache(realClock, MAX_PAGES_IN_MEMORY, async (place: string) => {
    const value = await readPage(place);
    return { value, freshForMs: STOCK_FRESH_MS, heldMs: 0 };
  });

  /** `place`: the requested states, comma-separated, and after a space the end of the previous page, as `phase:sid`. */
  async function readPage(place: string): Promise<Page> {
    const [filter = '', after = ''] = place.split(' ');
    const phases = filter === '' ? PHASES : [filter.split(',')];
    const [firstPhase = 0, firstSid = 0] = after.split(':').map(Number);
    const entries: Page['entries'] = [];
    for (let phase = firstPhase; phase < phases.length; phase += 1) {
      const afterSid = phase === firstPhase ? firstSid : 0;
      const query = { kind: 'sale', states: [...(phases[phase] ?? [])], afterSid, newestFirst: true };
      const page = await providers.listStocks({ ...query, pageSize: PAGE_SIZE - entries.length });
      for (const message of page.stocks) entries.push({ stock: toStock(message), end: `${phase}:${message.sid}` });
      if (entries.length === PAGE_SIZE) return { entries, hasMore: true };
    }
    return { entries, hasMore: false };
  }

  const viewOf = (fresh: Fresh<Stock>): StockView => {
    const view = stockView(fresh);
    if (config.ADMISSION === 'proof' && isAdmissionNeeded(fresh.value)) view.needsAdmission = true;
    return view;
  };

  const cursors = createCursors(config.ORDER_NO_KEY);

  return async (app: FastifyInstance): Promise<void> => {
    const api = app.withTypeProvider<TypeBoxTypeProvider>();

    api.get('/stocks', { schema: listSchema }, async (request, reply) => {
      const { cursor, limit, state = '' } = request.query;
      const filter = STOCK_STATES.filter((name) => state.split(',').includes(name)).join(',');
      const list = `stocks ${filter}`;
      const after = cursors.read(list, cursor);
      const { value, ...age } = await pages.read(`${filter} ${after}`);
      // Pages of all sizes are parts of the same cached one.
      const shown = value.entries.slice(0, limit);
      const hasMore = value.hasMore || shown.length < value.entries.length;
      const end = hasMore ? (shown.at(-1)?.end ?? null) : null;
      const body = {
        stocks: shown.map(({ stock }) => viewOf({ value: stock, ...age })),
        nextCursor: cursors.link(request, reply, list, end),
      };
      return answerTagged(request, reply, body);
    });

    api.get('/stocks/:sid', { schema: getSchema }, async (request, reply) => {
      const { value, ...age } = await reader.read(request.params.sid);
      if (value?.kind !== 'sale') throw new Problem('stock_not_found', `No such stock: ${request.params.sid}.`);
      return answerTagged(request, reply, viewOf({ value, ...age }));
    });
  };
}

const listSchema = {
  operationId: 'listStocks',
  summary: 'List the stocks for sale',
  description:
    'Open, upcoming and paused stocks first, then sold-out and closed ones; newest first in each group. At most one second old.',
  tags: ['stocks'],
  querystring: Type.Object(
    {
      ...cursorQuery(PAGE_SIZE, PAGE_SIZE),
      state: Type.Optional(
        Type.String({
          pattern: `^(${STATES})(,(${STATES}))*$`,
          description: `Only stocks in these states, comma-separated: ${STOCK_STATES.join(', ')}; default: all`,
          examples: ['open,upcoming'],
        }),
      ),
    },
    { additionalProperties: false },
  ),
  response: {
    200: Type.Object(
      { stocks: Type.Array(Type.Unsafe<object>({ $ref: 'Stock#' })), nextCursor },
      { description: 'A page of stocks', headers: { ...taggedHeaders, ...pageHeaders } },
    ),
    304: Type.Null({ description: 'Not modified' }),
  },
};

const getSchema = {
  operationId: 'getStock',
  summary: 'Get a stock',
  description: 'Name, price, units, window and state. At most one second old.',
  tags: ['stocks'],
  params: sidParams,
  response: {
    200: Type.Unsafe<object>({ $ref: 'Stock#', description: 'The stock', headers: taggedHeaders }),
    304: Type.Null({ description: 'Not modified' }),
    ...problemResponses('stock_not_found'),
  },
};
