import { Type } from 'typebox';
import { STOCK_MODES, STOCK_STATES, type StockState } from '../../db/stocks/stock-table.ts';
import {
  bearerSecurity,
  cursorQuery,
  idempotencyKeyHeader,
  idempotencyProblems,
  nextCursor,
  nullable,
  problemResponses,
  sidParams,
  sidText,
  time,
} from '../api/api-schemas.ts';
import { pageHeaders } from '../api/link-next-page.ts';
import { moneyBody } from '../api/money.ts';
import { stockFields } from '../stocks/stock-fields.ts';
import { stockSchema } from '../stocks/stock-view.ts';

const MAX_UNITS = 100_000_000;

const name = Type.String({ minLength: 1, maxLength: 100, description: 'Shown to buyers', examples: ['A lamp'] });
const opensAt = nullable(time('Start of the sale; null: open at once'));
const closesAt = nullable(time('End of the sale; null: none'));

export const adminStockSchema = Type.Object(
  {
    ...stockSchema.properties,
    metadata: Type.Unsafe<Record<string, string>>({
      type: 'object',
      additionalProperties: { type: 'string' },
      description: 'The shop’s own data',
      examples: [{ season: 'winter' }],
    }),
    version: Type.Integer({ description: 'Increases with every change', examples: [42] }),
    hidden: Type.Boolean({ description: 'Not listed by `GET /stocks`. Its own URL and its orders work' }),
  },
  { $id: 'AdminStock', description: 'A stock, for administrators' },
);

/** The stocks that each value of `state` lists. */
export const LISTED: Record<string, { states: StockState[]; hidden?: boolean }> = {
  draft: { states: ['upcoming'], hidden: true },
  scheduled: { states: ['upcoming'], hidden: false },
  hidden: { states: [], hidden: true },
  ...Object.fromEntries(STOCK_STATES.map((state) => [state, { states: [state] }])),
};

const common = { tags: ['admin'], security: bearerSecurity };

export const listSchema = {
  ...common,
  operationId: 'listAdminStocks',
  summary: 'List all stocks',
  description: 'Newest first, including hidden stocks. Not cached.',
  querystring: Type.Object(
    {
      ...cursorQuery(1000, 100),
      state: Type.Optional(
        Type.String({
          enum: [...Object.keys(LISTED)],
          description:
            '`draft`: hidden, and not opened; `scheduled`: shown, and not opened; `hidden`: hidden, in any state; or a state of a stock',
        }),
      ),
    },
    { additionalProperties: false },
  ),
  response: {
    200: Type.Object(
      { stocks: Type.Array(Type.Unsafe<object>({ $ref: 'AdminStock#' })), nextCursor },
      { description: 'A page of stocks', headers: pageHeaders },
    ),
  },
};

const versioned = { ETag: { type: 'string', description: 'The version, for `If-Match`', examples: ['"42"'] } };

export const getSchema = {
  ...common,
  operationId: 'getAdminStock',
  summary: 'Get a stock with its version',
  description: 'Also a hidden stock. Not cached.',
  params: sidParams,
  response: {
    200: Type.Unsafe<object>({ $ref: 'AdminStock#', description: 'The stock', headers: versioned }),
    ...problemResponses('stock_not_found'),
  },
};

export const createSchema = {
  ...common,
  operationId: 'createStock',
  summary: 'Create a stock',
  headers: Type.Object(idempotencyKeyHeader),
  body: Type.Object(
    {
      sid: Type.Optional(Type.String({ ...sidText, description: 'Id; default: a new id' })),
      name,
      count: Type.Integer({ minimum: 0, maximum: MAX_UNITS, description: 'Units for sale', examples: [1000] }),
      price: moneyBody('Price of a unit. The currency cannot be changed later'),
      opensAt: Type.Optional(opensAt),
      closesAt: Type.Optional(closesAt),
      mode: Type.Optional(
        Type.String({
          enum: [...STOCK_MODES],
          description:
            'How units find their buyers. Cannot be changed later. `draw` and `line` need `DRAWS=on`, `opensAt`, both times of entries, and one unit per order',
          examples: ['draw'],
        }),
      ),
      entriesOpenAt: Type.Optional(nullable(time('From when buyers may enter; with `draw` and `line`'))),
      entriesCloseAt: Type.Optional(
        nullable(
          time(
            'Until when buyers may enter, at `opensAt` or before; with a beacon at least 17 minutes before. Cannot be changed later',
          ),
        ),
      ),
      ...stockFields,
    },
    { additionalProperties: false },
  ),
  response: {
    201: Type.Unsafe<object>({
      $ref: 'AdminStock#',
      description: 'The stock',
      headers: { Location: { type: 'string', description: 'URL of the stock' }, ...versioned },
    }),
    ...problemResponses('stock_exists', ...idempotencyProblems),
  },
};

export const updateSchema = {
  ...common,
  operationId: 'updateStock',
  summary: 'Change a stock',
  description: [
    'Changes the fields that are present; null removes a time. The change is visible within two seconds.',
    'The sale of a draw cannot be opened before its places are drawn.',
    'Send an `Idempotency-Key` with `addUnits`: a repeat after a lost response then adds nothing.',
    'With `If-Match` the stock changes only if it still has this version. Orders change the version too, so a running sale often answers 412.',
  ].join(' '),
  params: sidParams,
  headers: Type.Object({
    ...idempotencyKeyHeader,
    'if-match': Type.Optional(
      Type.String({ maxLength: 100, description: '`ETag` of the stock as it was read, or `*`', examples: ['"42"'] }),
    ),
  }),
  body: Type.Object(
    {
      name: Type.Optional(name),
      price: Type.Optional(moneyBody('Price of a unit, in the currency of the stock')),
      opensAt: Type.Optional(opensAt),
      closesAt: Type.Optional(closesAt),
      ...stockFields,
      paused: Type.Optional(Type.Boolean({ description: 'Pauses the sale' })),
      hidden: Type.Optional(
        Type.Boolean({
          description: 'Removes the stock from `GET /stocks`. Its own URL, orders and audit still work',
        }),
      ),
      addUnits: Type.Optional(
        Type.Integer({
          minimum: -MAX_UNITS,
          maximum: MAX_UNITS,
          description: 'Units to add; negative: to remove, at most those that are left',
          examples: [100],
        }),
      ),
    },
    { additionalProperties: false, minProperties: 1 },
  ),
  response: {
    200: Type.Unsafe<object>({ $ref: 'AdminStock#', description: 'The changed stock', headers: versioned }),
    ...problemResponses('stock_not_found', 'units_sold', 'sale_started', 'version_mismatch', ...idempotencyProblems),
  },
};

export const removeSchema = {
  ...common,
  operationId: 'removeStock',
  summary: 'Remove a stock that has no orders',
  description:
    'For stocks that were created by mistake. A stock with orders, including refused ones, can only be hidden. The removal is visible within two seconds.',
  params: sidParams,
  response: {
    204: Type.Null({ description: 'Removed' }),
    ...problemResponses('stock_not_found', 'stock_has_orders'),
  },
};

export const ordersSchema = {
  ...common,
  operationId: 'listStockOrders',
  summary: 'List the orders of a stock',
  description: 'Newest first. With `Accept: text/csv`, all orders after `cursor` in one file.',
  params: sidParams,
  querystring: Type.Object(
    {
      ...cursorQuery(1000, 100),
      for: Type.Optional(
        Type.String({
          enum: ['spreadsheet'],
          description:
            'For CSV: adds a byte order mark, and writes ids as `="1001"`, which spreadsheets show unchanged',
        }),
      ),
    },
    { additionalProperties: false },
  ),
  response: {
    200: {
      description: 'A page of orders, or all orders as CSV',
      headers: pageHeaders,
      content: {
        'application/json': {
          schema: Type.Object({ orders: Type.Array(Type.Unsafe<object>({ $ref: 'AdminOrder#' })), nextCursor }),
        },
        'text/csv': { schema: Type.String() },
      },
    },
    ...problemResponses('stock_not_found', 'not_acceptable'),
  },
};
