import { Type } from 'typebox';
import { deadlines } from '../../proto/settings/deadlines.ts';
import { orderDetailsSettings } from '../../proto/settings/order-path-settings.ts';

const rate = (value: number, description: string) =>
  Type.Integer({ minimum: 1, maximum: 10_000_000, default: value, description, unit: '1/s' });
const burst = (value: number, description: string) =>
  Type.Integer({ minimum: 1, maximum: 10_000_000, default: value, description });

/** Settings of POST /stocks/{sid}/orders. */
export const buySettings = {
  ...orderDetailsSettings,
  ORDER_WAIT_MS: Type.Integer({
    minimum: 0,
    maximum: 4000,
    default: deadlines.ORDER_WAIT_MS.ms,
    description: 'Maximum wait for a decision before an order gets 202; at most 3649, below the 5 s of nginx',
    unit: 'ms',
  }),
  MAX_WAITING: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: 20_000,
    description: 'Maximum number of orders that wait for their decision in one consumer; further ones get 503',
  }),
  MAX_WAITING_PER_STOCK: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: 10_000,
    description: 'The same for one stock, so that one sale leaves room for others',
  }),
  ASSUMED_ORDER_RATE: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: 1000,
    description:
      'Decisions that a consumer expects before it has measured them. Orders that wait longer than ORDER_WAIT_MS at the measured rate get 503',
    unit: '1/s',
  }),
  MAX_UNDECIDED: Type.Integer({
    minimum: 1,
    maximum: 10_000_000,
    default: 50_000,
    description: 'Maximum number of pending orders that one consumer keeps to append them again',
  }),
  BUYER_RATE: rate(5, 'Orders per buyer and stock, repeats included'),
  BUYER_BURST: burst(20, 'Burst of orders per buyer and stock'),
  STOCK_RATE: rate(50_000, 'Orders per stock, over all consumers'),
  STOCK_BURST: burst(50_000, 'Burst of orders per stock'),
  PROCESS_RATE: rate(20_000, 'Orders per consumer'),
  PROCESS_BURST: burst(20_000, 'Burst of orders per consumer'),
};
