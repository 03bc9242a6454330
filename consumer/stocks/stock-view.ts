import { Type } from 'typebox';
import { databaseNowMs } from '../../db/stocks/stock-cache.ts';
import { NO_DETAILS } from '../../db/stocks/stock-details.ts';
import type { LineState } from '../../db/stocks/stock-draws.ts';
import { STOCK_MODES, STOCK_STATES, type Stock, type StockMode, type StockState } from '../../db/stocks/stock-table.ts';
import type { Fresh } from '../../proto/process/fresh-cache.ts';
import { nullable, sidText, time } from '../api/api-schemas.ts';
import { isoOrNull } from '../api/iso-or-null.ts';
import { type Money, money, moneySchema } from '../api/money.ts';

/** A stock as the API returns it. Times are ISO 8601 in UTC, null where there is none. */
export type StockView = {
  sid: string;
  name: string;
  price: Money;
  compareAtPrice: Money | null;
  maxPerOrder: number;
  reference: string | null;
  description: string | null;
  pictureUrl: string | null;
  count: number;
  sold: number;
  left: number;
  opensAt: string | null;
  closesAt: string | null;
  mode: StockMode;
  entriesOpenAt: string | null;
  entriesCloseAt: string | null;
  line: { state: LineState } | null;
  state: StockState;
  paused: boolean;
  /** Only with ADMISSION=proof, and only in the public answers. */
  needsAdmission?: true;
};

export const stockSchema = Type.Object(
  {
    sid: sidText,
    name: Type.String({ examples: ['A lamp'] }),
    price: moneySchema('Price of a unit'),
    compareAtPrice: nullable(moneySchema('A former or recommended price, shown struck through; null: none')),
    maxPerOrder: Type.Integer({ description: 'Units that one order may have', examples: [1] }),
    reference: nullable(
      Type.String({ description: 'The shop’s reference, such as a SKU; null: none', examples: ['LAMP-1'] }),
    ),
    description: nullable(Type.String({ description: 'Plain text; null: none' })),
    pictureUrl: nullable(Type.String({ description: 'https; null: none' })),
    count: Type.Integer({ description: 'Units for sale, sold ones included', examples: [1000] }),
    sold: Type.Integer({ description: 'Units sold: the active orders', examples: [600] }),
    left: Type.Integer({ examples: [400] }),
    opensAt: nullable(time('Start of the sale; null: open at once')),
    closesAt: nullable(time('End of the sale; null: none')),
    mode: Type.String({
      enum: [...STOCK_MODES],
      description:
        '`rush`: first come, first served; `draw`: units are offered in the sequence of a draw; `line`: as `draw`, and later buyers stand behind it',
      examples: ['rush'],
    }),
    entriesOpenAt: nullable(time('From when buyers may enter the draw; null: no draw')),
    entriesCloseAt: nullable(time('Until when buyers may enter the draw; null: no draw')),
    line: Type.Unsafe<StockView['line']>({
      ...Type.Object({
        state: Type.String({
          enum: ['open', 'waiting', 'ended'],
          description:
            '`open`: buyers may join; `waiting`: buyers wait, and others may join; `ended`: the sale has closed',
        }),
      }),
      type: ['object', 'null'],
      description: 'The line for units that return or are still to be offered; null: none',
    }),
    state: Type.String({ enum: [...STOCK_STATES], description: 'By the database’s clock', examples: ['open'] }),
    paused: Type.Boolean({
      description: 'Paused by an administrator; can also be true in state upcoming or closed',
    }),
    needsAdmission: Type.Optional(
      Type.Boolean({
        description: 'True: an order needs an admission token (`GET /api/v1/stocks/{sid}/admission`); else missing',
      }),
    ),
  },
  { $id: 'Stock', description: 'A stock for sale' },
);

export function stockView(fresh: Fresh<Stock>): StockView {
  const {
    sid,
    name,
    priceCents,
    currency,
    count,
    sale,
    opensAtMs,
    closesAtMs,
    paused,
    maxPerOrder,
    mode,
    entryTimes,
    line,
  } = fresh.value;
  const { reference, description, pictureUrl, compareAtPriceCents } = fresh.value.details ?? NO_DETAILS;
  return {
    sid: String(sid),
    name,
    price: money(priceCents, currency),
    compareAtPrice: compareAtPriceCents === null ? null : money(compareAtPriceCents, currency),
    maxPerOrder,
    reference,
    description,
    pictureUrl,
    count,
    sold: sale,
    left: count - sale,
    opensAt: isoOrNull(opensAtMs),
    closesAt: isoOrNull(closesAtMs),
    mode,
    entriesOpenAt: isoOrNull(entryTimes?.entriesOpenAtMs),
    entriesCloseAt: isoOrNull(entryTimes?.entriesCloseAtMs),
    line: line === undefined ? null : { state: line },
    state: stockState(fresh.value, databaseNowMs(fresh)),
    paused,
  };
}

/** The checks have the same order as the refusals of an order. */
export function stockState({ opensAtMs, closesAtMs, paused, sale, count }: Stock, nowMs: number): StockState {
  if (opensAtMs !== null && nowMs < opensAtMs) return 'upcoming';
  if (closesAtMs !== null && nowMs >= closesAtMs) return 'closed';
  if (paused) return 'paused';
  return sale >= count ? 'sold_out' : 'open';
}
