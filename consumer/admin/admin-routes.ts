import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { status } from '@grpc/grpc-js';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Static } from 'typebox';
import { STOCK_FRESH_MS } from '../../db/stocks/stock-cache.ts';
import type { CreateStockRequestInput } from '../../proto/gen/flashsale/v1/CreateStockRequest.ts';
import type { Stock as StockMessage } from '../../proto/gen/flashsale/v1/Stock.ts';
import { isStockId } from '../../proto/messages/order-record.ts';
import { readTime } from '../../proto/settings/read-time.ts';
import { createCursors } from '../api/cursors.ts';
import { checkIdempotencyKey, nameRequest } from '../api/idempotent-request.ts';
import { type Money, otherCurrency } from '../api/money.ts';
import type { Identify } from '../auth/identify.ts';
import { nameActor } from '../auth/name-actor.ts';
import { invalidField, Problem } from '../http/problem.ts';
import { chooseType, readIfMatch, versionTag } from '../http/read-headers.ts';
import { orProblem } from '../http/to-problem.ts';
import type { Providers } from '../providers/connect-providers.ts';
import type { ConsumerConfig } from '../settings/settings-schema.ts';
import { parsePictureOrigins, toFieldsMessage } from '../stocks/stock-fields.ts';
import { type StockReader, toStock } from '../stocks/stock-reader.ts';
import { type StockView, stockView } from '../stocks/stock-view.ts';
import { adminOrderView, createCsvExport } from './admin-orders.ts';
import {
  createSchema,
  getSchema,
  LISTED,
  listSchema,
  ordersSchema,
  removeSchema,
  updateSchema,
} from './admin-schemas.ts';

type StockAnswer = StockView & { metadata: Record<string, string>; version: number; hidden: boolean };

const LIST = 'stocks of administrators';
const REFUSED_CHANGES = {
  [status.NOT_FOUND]: 'stock_not_found',
  [status.FAILED_PRECONDITION]: 'units_sold',
  [status.ABORTED]: 'version_mismatch',
} as const;

export type AdminRoutesOptions = {
  config: Pick<ConsumerConfig, 'ORDER_NO_KEY' | 'PICTURE_ORIGINS'>;
  identify: Identify;
  providers: Pick<
    Providers,
    'listStocks' | 'createStock' | 'updateStock' | 'removeStock' | 'listOrders' | 'recordAction'
  >;
  stocks: Pick<StockReader, 'read'>;
};

/** /admin/stocks: create, change and remove stocks, and list their orders. */
export function adminRoutes(options: AdminRoutesOptions) {
  const { config, identify, providers, stocks: reader } = options;

  const cursors = createCursors(config.ORDER_NO_KEY);
  const pictureOrigins = parsePictureOrigins(config.PICTURE_ORIGINS);

  /**
   * Refuses stocks of the ladder, and another currency. A new stock may not be known here yet: then the provider decides. Resolves with the
   * currency of the stock.
   */
  async function checkChange(sid: number, price: Money | undefined): Promise<string | undefined> {
    const { value } = await reader.read(sid);
    if (value?.kind === 'ladder') throw new Problem('stock_not_found');
    if (value && price && price.currency !== value.currency) throw otherCurrency('price', value.currency);
    return value?.currency;
  }

  return async (app: FastifyInstance): Promise<void> => {
    const api = app.withTypeProvider<TypeBoxTypeProvider>();
    const onRequest = identify.adminOnly;

    api.get('/admin/stocks', { schema: listSchema, onRequest }, async (request, reply) => {
      const { cursor, limit, state = '' } = request.query;
      const list = `${LIST} ${state}`;
      const afterSid = Number(cursors.read(list, cursor));
      const listed = LISTED[state] ?? { states: [] };
      const page = { kind: 'sale', afterSid, pageSize: limit, newestFirst: true, withHidden: true, ...listed };
      const { stocks } = await providers.listStocks(page);
      const last = stocks.length === limit ? stocks.at(-1) : undefined;
      reply.header('cache-control', 'no-store');
      return {
        stocks: stocks.map(answerOf),
        nextCursor: cursors.link(request, reply, list, last?.sid ?? null),
      };
    });

    api.get('/admin/stocks/:sid', { schema: getSchema, onRequest }, async (request, reply) => {
      const { sid } = request.params;
      // A page of the list is read from the database; a single stock may come from the cache.
      const { stocks } = await providers.listStocks({
        kind: 'sale',
        states: [],
        afterSid: sid - 1,
        pageSize: 1,
        newestFirst: false,
        withHidden: true,
      });
      const stock = stocks.find((found) => found.sid === sid);
      if (!stock) throw new Problem('stock_not_found');
      return answerWithVersion(reply, stock);
    });

    const create = { schema: createSchema, onRequest, preValidation: checkIdempotencyKey };
    api.post('/admin/stocks', create, async (request, reply) => {
      const message = newStockMessage(request.body, pictureOrigins);
      const stock = await providers
        .createStock({ ...message, actor: nameActor(request), ...nameRequest(request) })
        .catch(orProblem({ [status.ALREADY_EXISTS]: 'stock_exists' }));
      reply.code(201).header('location', `/api/v1/stocks/${stock.sid}`);
      return answerWithVersion(reply, stock);
    });

    const update = { schema: updateSchema, onRequest, preValidation: checkIdempotencyKey };
    api.patch('/admin/stocks/:sid', update, async (request, reply) => {
      const { sid } = request.params;
      const { name, opensAt, closesAt, price, paused, hidden, addUnits, ...fields } = request.body;
      const currency = await checkChange(sid, price);
      const expectedVersion = readIfMatch(request.headers['if-match']);
      const stock = await providers
        .updateStock({
          sid,
          ...(name !== undefined && { name }),
          ...(paused !== undefined && { paused }),
          ...(hidden !== undefined && { hidden }),
          ...(addUnits !== undefined && { addUnits }),
          ...toFieldsMessage(fields, { currency, pictureOrigins }),
          ...(price && { priceCents: price.amount }),
          ...changedTimes({ opensAt, closesAt }),
          ...(expectedVersion !== undefined && { expectedVersion }),
          actor: nameActor(request),
          ...nameRequest(request),
        })
        .catch(orProblem(REFUSED_CHANGES));
      request.log.info({ buyer: request.identity.buyer, sid, change: request.body }, 'stock changed');
      return answerWithVersion(reply, stock);
    });

    api.delete('/admin/stocks/:sid', { schema: removeSchema, onRequest }, async (request, reply) => {
      const { sid } = request.params;
      await providers
        .removeStock({ sid, actor: nameActor(request) })
        .catch(orProblem({ [status.NOT_FOUND]: 'stock_not_found', [status.FAILED_PRECONDITION]: 'stock_has_orders' }));
      request.log.info({ buyer: request.identity.buyer, sid }, 'stock removed');
      return reply.code(204).send(null);
    });

    addOrdersRoute(app, options);
  };
}

/** GET /admin/stocks/{sid}/orders, as JSON or CSV. */
function addOrdersRoute(
  app: FastifyInstance,
  { config, identify, providers, stocks: reader }: AdminRoutesOptions,
): void {
  const api = app.withTypeProvider<TypeBoxTypeProvider>();
  const exportCsv = createCsvExport(providers);
  const cursors = createCursors(config.ORDER_NO_KEY);
  const ordersRoute = { schema: ordersSchema, onRequest: identify.adminOnly, exposeHeadRoute: false };
  api.get('/admin/stocks/:sid/orders', ordersRoute, async (request, reply) => {
    const { sid } = request.params;
    const { limit } = request.query;
    const list = `orders of stock ${sid}`;
    const cursor = cursors.read(list, request.query.cursor);
    const { value } = await reader.read(sid);
    if (value === null) throw new Problem('stock_not_found');
    reply.headers({ 'cache-control': 'no-store', vary: 'accept' });
    const form = chooseType(request.headers.accept, ['application/json', 'text/csv']);
    if (form === null) throw new Problem('not_acceptable');
    if (form === 'text/csv') {
      reply.type('text/csv; charset=utf-8').header('content-disposition', `attachment; filename="orders-${sid}.csv"`);
      // A stream bypasses the serializer of the JSON page.
      const csv = { sid, cursor, forSpreadsheet: request.query.for === 'spreadsheet' };
      const record = () =>
        providers.recordAction({
          actor: nameActor(request),
          action: 'exportOrders',
          target: String(sid),
          detail: JSON.stringify(request.query.for ? { for: request.query.for } : {}),
        });
      return reply.send((await exportCsv(csv, record)) as never);
    }
    const page = await providers.listOrders({ buyer: '', sid, cursor, pageSize: limit });
    const next = cursors.link(request, reply, list, page.nextCursor);
    return { orders: page.orders.map(adminOrderView), nextCursor: next };
  });
}

export type NewStockBody = Static<typeof createSchema.body>;

/** The message of a new stock. Throws a Problem. */
export function newStockMessage(body: NewStockBody, pictureOrigins: readonly string[]): CreateStockRequestInput {
  const { sid, name, count, price, mode = 'rush', entriesOpenAt, entriesCloseAt, ...fields } = body;
  return {
    sid: sid === undefined ? 0 : toSid(sid),
    name,
    count,
    priceCents: price.amount,
    currency: price.currency,
    kind: 'sale',
    mode,
    ...newTimes(fields),
    ...(entriesOpenAt && { entriesOpenAtMs: toMs('entriesOpenAt', entriesOpenAt) }),
    ...(entriesCloseAt && { entriesCloseAtMs: toMs('entriesCloseAt', entriesCloseAt) }),
    ...toFieldsMessage(fields, { currency: price.currency, pictureOrigins }),
  };
}

export function answerOf(message: StockMessage): StockAnswer {
  const value = toStock(message);
  // The message is the current row: its age is 0.
  return {
    ...stockView({ value, freshForMs: STOCK_FRESH_MS, heldMs: 0 }),
    metadata: JSON.parse(value.details?.metadata ?? '{}'),
    version: value.version,
    hidden: value.hidden,
  };
}

/** With the version as ETag, which `If-Match` of a change names. */
function answerWithVersion(reply: FastifyReply, message: StockMessage): StockAnswer {
  reply.headers({ etag: versionTag(message.version), 'cache-control': 'no-store' });
  return answerOf(message);
}

type Times = { opensAt?: string | null | undefined; closesAt?: string | null | undefined };

/** A null or missing field is no time. */
function newTimes({ opensAt, closesAt }: Times): { opensAtMs?: number; closesAtMs?: number } {
  return {
    ...(opensAt && { opensAtMs: toMs('opensAt', opensAt) }),
    ...(closesAt && { closesAtMs: toMs('closesAt', closesAt) }),
  };
}

/** Null removes a time; a missing field leaves it unchanged. */
function changedTimes(times: Times): ReturnType<typeof newTimes> & { clearOpensAt: boolean; clearClosesAt: boolean } {
  return { ...newTimes(times), clearOpensAt: times.opensAt === null, clearClosesAt: times.closesAt === null };
}

function toSid(text: string): number {
  const sid = Number(text);
  if (!isStockId(sid)) throw invalidField('sid', 'is not a stock id');
  return sid;
}

function toMs(field: string, text: string): number {
  const ms = readTime(text);
  if (ms === null) throw invalidField(field, 'is not a valid time');
  return ms;
}
