// An intent is a click on the buy button. It is stored, so that a reload, the back button and other tabs find it. One entry for each
// buyer and stock.

import type { BuyBody } from './api-types.ts';

/** A part of the interface of localStorage. */
export type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

export type Intent = {
  /** The Idempotency-Key: all requests that carry it are one order. */
  key: string;
  /** By the server's clock. Old intents are ignored. */
  sinceMs: number;
  /** Sent with every request of this intent. */
  body: BuyBody;
  /** Set once it is known. */
  orderNo?: string;
  /** The buyer was asked to try again: nothing is sent without another click. */
  isGivenUp?: true;
};

export type Intents = ReturnType<typeof createIntents>;

const PREFIX = 'flash-sale.intent';
// Longer than all repeats of one click: eight requests of 8 s and the waits between them. Later the click no longer counts.
const SENT_FOR_MS = 120_000;
// After this time the order of an intent, if there is one, is in the list of orders.
const PICKED_UP_FOR_MS = 600_000;

export function intentName(buyer: string, sid: string): string {
  return `${PREFIX}.${sid}.${buyer}`;
}

/** The stock and the buyer of an entry, or null if the entry is no intent. */
export function readIntentName(name: string | null): { sid: string; buyer: string } | null {
  const [, sid = '', buyer = ''] = /^flash-sale\.intent\.(\d+)\.(.*)$/.exec(name ?? '') ?? [];
  return sid === '' ? null : { sid, buyer };
}

export function createIntents(storage: Store | undefined, now: () => number) {
  const store = keepInMemory(storage);

  function read(buyer: string, sid: string): Intent | null {
    const intent = parseIntent(store.getItem(intentName(buyer, sid)));
    const ageMs = intent && intent.orderNo === undefined ? Math.abs(now() - intent.sinceMs) : 0;
    if (ageMs > PICKED_UP_FOR_MS) store.removeItem(intentName(buyer, sid));
    else if (intent) return ageMs > SENT_FOR_MS ? { ...intent, isGivenUp: true } : intent;
    return null;
  }

  return {
    read,
    write(buyer: string, sid: string, intent: Intent): void {
      store.setItem(intentName(buyer, sid), JSON.stringify(intent));
    },
    /** Changes the stored intent, unless another one has begun meanwhile. With its order, it is not given up. */
    update(buyer: string, sid: string, key: string, change: Pick<Intent, 'orderNo' | 'isGivenUp'>): void {
      const kept = read(buyer, sid);
      if (kept?.key !== key) return;
      const { isGivenUp, ...intent } = kept;
      this.write(buyer, sid, { ...intent, ...change });
    },
    /** Removes the intent with this key, or of this order. A later one stays. */
    end(buyer: string, sid: string, { key, orderNo }: Partial<Intent>): void {
      const kept = read(buyer, sid);
      if (kept && (kept.key === key || (orderNo !== undefined && kept.orderNo === orderNo)))
        store.removeItem(intentName(buyer, sid));
    },
  };
}

/** An unreadable entry, or one of a release with other fields, is no intent. */
export function parseIntent(text: string | null): Intent | null {
  try {
    const kept = JSON.parse(text ?? 'null');
    const isWhole = typeof kept?.key === 'string' && typeof kept.sinceMs === 'number' && kept.body instanceof Object;
    return isWhole ? kept : null;
  } catch {
    return null;
  }
}

/** A store that never fails: what the browser's cannot keep (blocked, full, missing) is kept in memory. */
function keepInMemory(storage: Store | undefined): Store {
  // Null: removed, even if the browser still has the entry.
  const memory = new Map<string, string | null>();
  const attempt = <T>(act: (store: Store) => T, otherwise: () => T): T => {
    try {
      return act(storage as Store);
    } catch {
      return otherwise();
    }
  };
  const put = (name: string, value: string | null, act: (store: Store) => void) => {
    memory.delete(name);
    attempt(act, () => void memory.set(name, value));
  };
  return {
    getItem(name) {
      const held = memory.get(name);
      return held === undefined
        ? attempt(
            (store) => store.getItem(name),
            () => null,
          )
        : held;
    },
    setItem: (name, value) => put(name, value, (store) => store.setItem(name, value)),
    removeItem: (name) => put(name, null, (store) => store.removeItem(name)),
  };
}
