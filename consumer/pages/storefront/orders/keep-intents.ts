import type { Money } from '../../../api/money.ts';
import type { Store } from '../../keep-storage.ts';

// An intent is a click on the buy button. It is stored, so that a reload, the back button and other tabs find it. One entry for each
// buyer and stock.

export type Intent = {
  sid: string;
  /** The Idempotency-Key: all requests that carry it are one order. */
  key: string;
  /** By the server's clock. Old intents are ignored. */
  sinceMs: number;
  /** The price shown at the click: the limit that every request of this intent sends. */
  maxPrice: Money;
  /** Set once it is known. */
  orderNo?: string;
  /** The header Location of the answer that named the order. */
  location?: string;
  /** The buyer was asked to try again: nothing is sent without another click. */
  isGivenUp?: true;
};

const PREFIX = 'flash-sale.intent';
// Longer than all repeats of one click: eight requests of 8 s and the waits between them. Later the click no longer counts.
const SENT_FOR_MS = 120_000;
// After this time the order of an intent, if there is one, is in the list of orders.
const PICKED_UP_FOR_MS = 600_000;

export function intentName(buyer: string, sid: string): string {
  return `${PREFIX}.${sid}.${buyer}`;
}

/** The order number in a stored entry, or undefined. */
export function readOrderNo(text: string | null): string | undefined {
  try {
    const { orderNo } = JSON.parse(text ?? '{}');
    return typeof orderNo === 'string' ? orderNo : undefined;
  } catch {
    return undefined;
  }
}

/** The stock and the buyer of an entry, or null if the entry is no intent. */
export function readIntentName(name: string | null): { sid: string; buyer: string } | null {
  const found = /^flash-sale\.intent\.(\d+)\.(.+)$/.exec(name ?? '');
  return found ? { sid: String(found[1]), buyer: String(found[2]) } : null;
}

function resumed({ isGivenUp, ...intent }: Intent): Intent {
  return intent;
}

export function createIntents(store: Store) {
  const read = (buyer: string, sid: string): Intent | null => {
    try {
      const kept = JSON.parse(store.getItem(intentName(buyer, sid)) ?? 'null');
      // An entry without such a price is of an earlier release. It is not sent again; its order is in the list of orders.
      const isWhole = [kept?.sinceMs, kept?.maxPrice?.amount].every((value) => typeof value === 'number');
      return isWhole && typeof kept.key === 'string' ? { ...kept, sid } : null;
    } catch {
      return null;
    }
  };
  const write = (buyer: string, intent: Intent) => store.setItem(intentName(buyer, intent.sid), JSON.stringify(intent));

  return {
    read,
    /**
     * At a click: resumes the stored intent, with the price at which it began, or stores `fresh`. Call it before anything is sent.
     */
    begin(buyer: string, fresh: Intent): { intent: Intent; isNew: boolean } {
      const kept = read(buyer, fresh.sid);
      if (kept?.isGivenUp) write(buyer, resumed(kept));
      else if (!kept) write(buyer, fresh);
      return { intent: kept ? resumed(kept) : fresh, isNew: !kept };
    },
    /** Stores the order number and its address, unless another intent has begun meanwhile. */
    setOrder(buyer: string, sid: string, key: string, orderNo: string, location?: string | null): void {
      const kept = read(buyer, sid);
      if (kept?.key !== key) return;
      const { location: known, ...rest } = resumed(kept);
      const where = location ?? (kept.orderNo === orderNo ? known : undefined);
      write(buyer, { ...rest, orderNo, ...(where !== undefined && { location: where }) });
    },
    /** Stops repeating until the buyer clicks again, here or after a reload. */
    giveUp(buyer: string, sid: string, key: string): void {
      const kept = read(buyer, sid);
      if (kept?.key === key) write(buyer, { ...kept, isGivenUp: true });
    },
    end(buyer: string, sid: string, key: string): void {
      if (read(buyer, sid)?.key === key) store.removeItem(intentName(buyer, sid));
    },
    /** Ends the intent whose order has ended. A later intent stays. */
    endWithOrder(buyer: string, sid: string, orderNo: string): void {
      if (read(buyer, sid)?.orderNo === orderNo) store.removeItem(intentName(buyer, sid));
    },
    /** This buyer's intents without a known outcome. Those without an order are given up after two minutes and forgotten after ten. */
    unfinished(buyer: string, nowMs: number): Intent[] {
      const names = store.names().map(readIntentName);
      const own = names.flatMap((name) => (name?.buyer === buyer ? (read(buyer, name.sid) ?? []) : []));
      const isOlder = ({ sinceMs, orderNo }: Intent, ageMs: number) =>
        orderNo === undefined && Math.abs(nowMs - sinceMs) > ageMs;
      const isOld = (intent: Intent) => isOlder(intent, PICKED_UP_FOR_MS);
      for (const { sid } of own.filter(isOld)) store.removeItem(intentName(buyer, sid));
      const young = own.filter((intent) => !isOld(intent));
      return young.map((intent) => (isOlder(intent, SENT_FOR_MS) ? { ...intent, isGivenUp: true } : intent));
    },
  };
}
