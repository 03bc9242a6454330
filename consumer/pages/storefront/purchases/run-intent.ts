import {
  type BuyOptions,
  type BuyResult,
  createFlashSaleClient,
  type Money,
} from '../../../client/flash-sale-client.ts';
import { identity, replaceToken, signIn } from '../../identity.ts';
import { storage } from '../../keep-storage.ts';
import { admissionTokenOf, forgetAdmission } from '../admission/admissions.ts';
import { intents } from '../orders/intents.ts';
import { toOrder } from '../orders/order.ts';
import { streams } from '../parts/streams.ts';
import type { Purchase, Refusal } from './describe-purchase.ts';

const HOLD_STREAMS_AFTER_MS = 1000;
// A device whose clock is fast may click this much too early.
const OPENING_MS = 3000;

const client = createFlashSaleClient({ token: readToken, storage, fetch: holdStreams });

/** The buyer's token; after it was refused, another one of the same buyer. */
async function readToken(refused?: string): Promise<string | undefined> {
  const { value: current } = identity;
  if (refused === undefined || current?.token !== refused) return current?.token;
  return (await replaceToken('buyer', current))?.token;
}

/** An order may be waiting for one of the browser's connections. */
async function holdStreams(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  if (init?.method !== 'POST') return fetch(input, init);
  const timer = setTimeout(() => streams.hold(true), HOLD_STREAMS_AFTER_MS);
  try {
    return await fetch(input, init);
  } finally {
    clearTimeout(timer);
    streams.hold(false);
  }
}

type IntentOptions = {
  sid: string;
  /** The price shown at the click. Null: no click; only a stored intent is completed. */
  maxPrice: Money | null;
  /** Units that a click buys. */
  quantity: number;
  /** Aborted when the buyer changes. */
  ended: AbortSignal;
  show(purchase: Purchase): void;
};

/** Runs the intent to buy units of `sid`: the stored one, or a new one. Resolves with the resulting purchase; null: the buyer has changed. */
export async function runIntent({ sid, maxPrice, quantity, ended, show }: IntentOptions): Promise<Purchase | null> {
  // The first click may come before the sign-in is complete.
  if (!identity.value) await signIn('buyer');
  const buyer = identity.value?.buyer;
  if (ended.aborted) return null;
  if (buyer === undefined) return { kind: 'refused', why: 'signed_out', atMs: performance.now() };
  // A stored intent is completed with its own price.
  const price = intents.read(buyer, sid)?.body.maxPrice ?? maxPrice;
  const options: BuyOptions = {
    signal: ended,
    admissionToken: admissionTokenOf(buyer, sid),
    // A pending order is followed with the others.
    waitForDecisionMs: 0,
    waitForOpeningMs: OPENING_MS,
    onUpdate(update) {
      if (update.step === 'asking') show({ kind: 'asking' });
      else if (update.step === 'waiting')
        show({ kind: 'repeating', why: update.why, atMs: update.atMs, tries: update.tries });
    },
  };
  try {
    const result = await (maxPrice === null
      ? client.resume(sid, options)
      : client.buy(sid, { ...options, maxPrice, ...(quantity > 1 && { quantity }) }));
    if (result?.outcome === 'refused' && result.code === 'admission_required') forgetAdmission(buyer, sid);
    return ended.aborted ? null : toPurchase(result, price);
  } catch (error) {
    if (ended.aborted) return null;
    throw error;
  }
}

/** Null: another tab has ended the stored intent. */
function toPurchase(result: BuyResult | null, maxPrice: Money | null): Purchase {
  switch (result?.outcome) {
    case undefined:
      return { kind: 'none' };
    case 'confirmed':
    case 'pending':
    case 'ended':
      return { kind: 'order', order: toOrder(result.order), payment: 'none' };
    case 'unknown':
      return { kind: 'given_up', uncertain: true };
    case 'refused': {
      if (result.code === 'busy' || result.code === 'too_many_requests') return { kind: 'given_up', uncertain: false };
      const why = REFUSALS[result.code] ?? 'broken';
      const { left, until } = result.problem;
      return {
        kind: 'refused',
        why,
        atMs: performance.now(),
        ...(why === 'price_above_max' && maxPrice && { maxPrice }),
        ...(typeof left === 'number' && { left }),
        ...(typeof until === 'string' && { until }),
      };
    }
    default:
      return result satisfies never;
  }
}

/** By the code of the problem. */
const REFUSALS: Record<string, Refusal> = {
  sold_out: 'sold_out',
  not_open: 'not_open',
  paused: 'paused',
  closed: 'closed',
  price_above_max: 'price_above_max',
  too_few_left: 'too_few_left',
  quantity_above_max: 'quantity_above_max',
  entry_required: 'entry_required',
  cooldown: 'cooldown',
  admission_required: 'not_admitted',
  claim_required: 'not_verified',
  stock_not_found: 'gone',
  unauthorized: 'signed_out',
  forbidden: 'forbidden',
  risk_denied: 'forbidden',
};
