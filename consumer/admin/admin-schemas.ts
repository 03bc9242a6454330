import { Type } from 'typebox';
import {
  bearerSecurity,
  cursorQuery,
  nextCursor,
  nullable,
  problemResponses,
  sidParams,
  time,
} from '../api/api-schemas.ts';
import { stockSchema } from '../stocks/stock-view.ts';

const MAX_UNITS = 100_000_000;
const MAX_PRICE_CENTS = 1_000_000_000_000;

const name = Type.String({ minLength: 1, maxLength: 100, description: 'Shown to buyers', examples: ['A lamp'] });
const priceCents = Type.Integer({
  minimum: 0,
  maximum: MAX_PRICE_CENTS,
  description: 'Price of a unit in the currency’s smallest unit',
  examples: [1999],
});
const opensAt = nullable(time('First moment of the sale; null: open from the start'));
const closesAt = nullable(time('End of the sale; null: no end'));

export const adminStockSchema = Type.Object(
  {
    ...stockSchema.properties,
    version: Type.Integer({ description: 'Moves with every change', examples: [42] }),
    hidden: Type.Boolean({ description: 'Not in the list of the shop; its address and its orders work' }),
  },
  { $id: 'AdminStock', additionalProperties: false, description: 'A stock as administrators see it' },
);

const common = { tags: ['admin'], security: bearerSecurity };

export const listSchema = {
  ...common,
  operationId: 'listAdminStocks',
  summary: 'All stocks, hidden ones too',
  description: 'Newest first, as they are now.',
  querystring: Type.Object(cursorQuery(1000, 100), { additionalProperties: false }),
  response: {
    200: Type.Object(
      { stocks: Type.Array(Type.Unsafe<object>({ $ref: 'AdminStock#' })), nextCursor },
      { description: 'A page of stocks' },
    ),
  },
};

export const createSchema = {
  ...common,
  operationId: 'createStock',
  summary: 'Put something up for sale',
  body: Type.Object(
    {
      sid: Type.Optional(
        Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'The id wanted; none: one is made' }),
      ),
      name,
      count: Type.Integer({ minimum: 0, maximum: MAX_UNITS, description: 'Units for sale', examples: [1000] }),
      priceCents,
      currency: Type.Optional(
        Type.String({
          format: 'iso-4217',
          description: 'ISO 4217, in capital letters; none: CNY. It cannot be changed later',
        }),
      ),
      opensAt: Type.Optional(opensAt),
      closesAt: Type.Optional(closesAt),
    },
    { additionalProperties: false },
  ),
  response: {
    201: Type.Unsafe<object>({
      $ref: 'AdminStock#',
      description: 'The stock',
      headers: { Location: { type: 'string', description: 'Where it is' } },
    }),
    ...problemResponses('stock_exists'),
  },
};

export const updateSchema = {
  ...common,
  operationId: 'updateStock',
  summary: 'Change a stock',
  description: [
    'Only fields that are present change; a null time is taken away. Shown to everybody within a second or two.',
    'When the answer to `addUnits` was lost, read the stock before sending it again: units are added each time.',
  ].join(' '),
  params: sidParams,
  body: Type.Object(
    {
      name: Type.Optional(name),
      priceCents: Type.Optional(priceCents),
      opensAt: Type.Optional(opensAt),
      closesAt: Type.Optional(closesAt),
      paused: Type.Optional(Type.Boolean({ description: 'Stops the sale for now' })),
      hidden: Type.Optional(
        Type.Boolean({
          description: 'Leaves it out of the list of the shop. Its address, orders and audit work as before',
        }),
      ),
      addUnits: Type.Optional(
        Type.Integer({
          minimum: -MAX_UNITS,
          maximum: MAX_UNITS,
          description: 'Units to add, or with a minus to take away: never below what is sold',
          examples: [100],
        }),
      ),
    },
    { additionalProperties: false, minProperties: 1 },
  ),
  response: {
    200: Type.Unsafe<object>({ $ref: 'AdminStock#', description: 'The stock as it is now' }),
    ...problemResponses('stock_not_found', 'units_sold'),
  },
};

export const removeSchema = {
  ...common,
  operationId: 'removeStock',
  summary: 'Remove a stock that has no orders',
  description:
    'For one made by mistake. Gone for everybody within a second or two. One with orders, refused ones too, can be hidden.',
  params: sidParams,
  response: {
    204: Type.Null({ description: 'It is removed' }),
    ...problemResponses('stock_not_found', 'stock_has_orders'),
  },
};

export const ordersSchema = {
  ...common,
  operationId: 'listStockOrders',
  summary: 'The orders of a stock',
  description: 'Newest first. With `Accept: text/csv` all of them in one file, from `cursor` on.',
  params: sidParams,
  querystring: Type.Object(
    {
      ...cursorQuery(1000, 100),
      for: Type.Optional(
        Type.String({
          enum: ['spreadsheet'],
          description:
            'Of CSV: with a byte order mark, and with ids as `="1001"`, which a spreadsheet shows as they are',
        }),
      ),
    },
    { additionalProperties: false },
  ),
  response: {
    200: {
      description: 'A page of orders, or all as CSV',
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
