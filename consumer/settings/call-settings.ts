import { Type } from 'typebox';

const limit = (value: number, description: string, unit?: string) =>
  Type.Integer({ minimum: 1, maximum: 10_000_000, default: value, description, ...(unit && { unit }) });

/** What one buyer may ask for, whatever stocks it is about. */
export const callSettings = {
  CALL_RATE: limit(
    20,
    'Calls of one buyer over all consumers: polls, lists, payments, cancellations, event streams',
    '1/s',
  ),
  CALL_BURST: limit(100, 'Such calls of one buyer at once'),
  BUYER_TOTAL_RATE: limit(20, 'Orders of one buyer over all stocks, in each consumer', '1/s'),
  BUYER_TOTAL_BURST: limit(100, 'Orders of one buyer over all stocks at once, in each consumer'),
};
