import { createIntents, type Intent, readIntentName } from '../../../client/intents.ts';
import { storage } from '../../keep-storage.ts';
import { serverNowMs } from '../../server-clock.ts';

/** The purchases that the buyers of this browser have started. */
export const intents = createIntents(storage, serverNowMs);

export type StoredIntent = Intent & { sid: string };

/** This buyer's intents without a known outcome. Those without an order are given up after two minutes and forgotten after ten. */
export function unfinishedIntents(buyer: string): StoredIntent[] {
  const own = storage
    .names()
    .map(readIntentName)
    .filter((name) => name?.buyer === buyer);
  return own.flatMap((name) => {
    const intent = name && intents.read(buyer, name.sid);
    return intent ? [{ ...intent, sid: name.sid }] : [];
  });
}

/** An order number starts with the id of its stock. */
export function sidOf(orderNo: string): string {
  return orderNo.split('-', 1)[0] ?? '';
}

/** Under /api/v1. */
export function addressOf(orderNo: string): string {
  return `/orders/${encodeURIComponent(orderNo)}`;
}
