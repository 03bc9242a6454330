import { identity } from '../../identity.ts';
import { storage } from '../../keep-storage.ts';
import { createIntents } from './keep-intents.ts';
import { plainAddress, readLocation } from './order-address.ts';

/** What the buyers of this browser began. */
export const intents = createIntents(storage);

/** Where an order is asked for: the Location that its intent was answered with, or else its plain path. */
export function addressOf(orderNo: string): string {
  // An order's number begins with its stock's.
  const intent = intents.read(identity.value?.buyer ?? '', Number(orderNo.split('-')[0]));
  const location = intent?.orderNo === orderNo ? intent.location : undefined;
  return readLocation(location, orderNo) ?? plainAddress(orderNo);
}
