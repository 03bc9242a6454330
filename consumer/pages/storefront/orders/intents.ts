import { identity } from '../../identity.ts';
import { storage } from '../../keep-storage.ts';
import { createIntents } from './keep-intents.ts';
import { plainAddress, readLocation } from './order-address.ts';

/** The purchases that the buyers of this browser have started. */
export const intents = createIntents(storage);

/** The address of an order: the Location of the answer to its intent, or else its plain path. */
export function addressOf(orderNo: string): string {
  const intent = intents.read(identity.value?.buyer ?? '', sidOf(orderNo));
  const location = intent?.orderNo === orderNo ? intent.location : undefined;
  return readLocation(location, orderNo) ?? plainAddress(orderNo);
}

/** An order number starts with the id of its stock. */
export function sidOf(orderNo: string): string {
  return orderNo.split('-', 1)[0] ?? '';
}
