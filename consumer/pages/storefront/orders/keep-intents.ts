import type { Store } from '../../keep-storage.ts';

// Who wants what, kept where a reload, the back button and the other tab find it. One entry for each buyer and stock.

export type Intent = {
  sid: number;
  /** The Idempotency-Key: all requests that carry it are one order. */
  key: string;
  /** By the server's clock: an intent of yesterday counts no more. */
  sinceMs: number;
  /** The price that was shown at the click. Every request of this intent says that it accepts no higher one. */
  maxPriceCents: number;
  /** Once it is known. */
  orderNo?: string;
  /** The header Location of the answer that named the order. */
  location?: string;
  /** The buyer was asked whether to go on: nothing is sent again without a click. */
  isGivenUp?: true;
};

const PREFIX = 'flash-sale.intent';
// All repeats of one click take less: eight requests of 8 s and the waits between them. After it the click counts no more.
const SENT_FOR_MS = 120_000;
// Longer than all repeats of one intent take. Then its order, if there is one, is among the buyer's orders.
const PICKED_UP_FOR_MS = 600_000;

export function intentName(buyer: string, sid: number): string {
  return `${PREFIX}.${sid}.${buyer}`;
}

/** What the text of an entry says of its order: the number, or undefined where none is known. */
export function readOrderNo(text: string | null): string | undefined {
  try {
    const { orderNo } = JSON.parse(text ?? '{}');
    return typeof orderNo === 'string' ? orderNo : undefined;
  } catch {
    return undefined;
  }
}

/** The stock and the buyer of an entry of the store, or null: it is something else. */
export function readIntentName(name: string | null): { sid: number; buyer: string } | null {
  const found = /^flash-sale\.intent\.(\d+)\.(.+)$/.exec(name ?? '');
  return found ? { sid: Number(found[1]), buyer: String(found[2]) } : null;
}

function goingOn({ isGivenUp, ...intent }: Intent): Intent {
  return intent;
}

export function createIntents(store: Store) {
  const read = (buyer: string, sid: number): Intent | null => {
    try {
      const kept = JSON.parse(store.getItem(intentName(buyer, sid)) ?? 'null');
      // An entry of the release before says no price, so it is not sent again. Its order is among the buyer's orders.
      const isWhole = [kept?.sinceMs, kept?.maxPriceCents].every((value) => typeof value === 'number');
      return isWhole && typeof kept.key === 'string' ? { ...kept, sid } : null;
    } catch {
      return null;
    }
  };
  const write = (buyer: string, intent: Intent) => store.setItem(intentName(buyer, intent.sid), JSON.stringify(intent));

  return {
    read,
    /**
     * At a click: the intent that is under way, with the price at which it began, or `fresh`, written before anything is sent. One that was
     * given up is under way again.
     */
    begin(buyer: string, fresh: Intent): { intent: Intent; isNew: boolean } {
      const kept = read(buyer, fresh.sid);
      if (kept?.isGivenUp) write(buyer, goingOn(kept));
      else if (!kept) write(buyer, fresh);
      return { intent: kept ? goingOn(kept) : fresh, isNew: !kept };
    },
    /** Notes the number and where it is asked for, unless another intent has begun meanwhile. */
    setOrder(buyer: string, sid: number, key: string, orderNo: string, location?: string | null): void {
      const kept = read(buyer, sid);
      if (kept?.key !== key) return;
      const { location: known, ...rest } = goingOn(kept);
      const where = location ?? (kept.orderNo === orderNo ? known : undefined);
      write(buyer, { ...rest, orderNo, ...(where !== undefined && { location: where }) });
    },
    /** The buyer decides whether it goes on, here or after a reload. */
    giveUp(buyer: string, sid: number, key: string): void {
      const kept = read(buyer, sid);
      if (kept?.key === key) write(buyer, { ...kept, isGivenUp: true });
    },
    end(buyer: string, sid: number, key: string): void {
      if (read(buyer, sid)?.key === key) store.removeItem(intentName(buyer, sid));
    },
    /** As its order has come to an end. An intent that began since then stays. */
    endWithOrder(buyer: string, sid: number, orderNo: string): void {
      if (read(buyer, sid)?.orderNo === orderNo) store.removeItem(intentName(buyer, sid));
    },
    /** What this buyer began and whose end is not known. What was left two minutes ago is given up, what is too old is forgotten. */
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
