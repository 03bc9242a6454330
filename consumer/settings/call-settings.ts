import { Type } from 'typebox';

const limit = (value: number, description: string, unit?: string) =>
  Type.Integer({ minimum: 1, maximum: 10_000_000, default: value, description, ...(unit && { unit }) });

/** Limits of one buyer, over all stocks. */
export const callSettings = {
  CALL_RATE: limit(
    20,
    'Calls per buyer, over all consumers: polls, lists, payments, cancellations, event streams',
    '1/s',
  ),
  CALL_BURST: limit(100, 'Burst of such calls per buyer'),
  BUYER_TOTAL_RATE: limit(20, 'Orders per buyer over all stocks, in each consumer', '1/s'),
  BUYER_TOTAL_BURST: limit(100, 'Burst of orders per buyer over all stocks, in each consumer'),
};
