import { Type } from 'typebox';
import { deadlines } from '../../proto/settings/deadlines.ts';

const rate = (value: number, description: string) =>
  Type.Integer({ minimum: 1, maximum: 10_000_000, default: value, description, unit: '1/s' });
const burst = (value: number, description: string) =>
  Type.Integer({ minimum: 1, maximum: 10_000_000, default: value, description });

/** Settings of POST /stocks/{sid}/orders. */
export const buySettings = {
  ORDER_NO_KEY: Type.String({
    minLength: 32,
    description: 'Secret that order numbers are signed with, the same for all',
  }),
  ORDER_WAIT_MS: Type.Integer({
    minimum: 0,
    maximum: 4000,
    default: deadlines.ORDER_WAIT_MS.ms,
    description:
      'Longest wait for a decision before an order is answered with 202; up to 3649, or nginx gives up first',
    unit: 'ms',
  }),
  MAX_WAITING: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: 20_000,
    description: 'Most orders that wait for their decision in one consumer; further ones get 503',
  }),
  MAX_WAITING_PER_STOCK: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: 10_000,
    description: 'The same for one stock, so that a crowd does not shut out the others',
  }),
  MAX_UNDECIDED: Type.Integer({
    minimum: 1,
    maximum: 10_000_000,
    default: 50_000,
    description: 'Most undecided order numbers that one consumer keeps to append them again',
  }),
  BUYER_RATE: rate(5, 'Orders of one buyer and stock, repeats included'),
  BUYER_BURST: burst(20, 'Orders of one buyer and stock at once'),
  STOCK_RATE: rate(50_000, 'Orders of one stock, over all consumers'),
  STOCK_BURST: burst(50_000, 'Orders of one stock at once'),
  PROCESS_RATE: rate(20_000, 'Orders that one consumer takes'),
  PROCESS_BURST: burst(20_000, 'Orders that one consumer takes at once'),
};
