import type { AskedDetails } from '../plans/plan-quantities.ts';

/** The order that a request names. */
export type OrderRef = { orderNo: string; sid: number; buyer: string };

/** What a buyer asks for. */
export type AskedTerms = AskedDetails & { maxPriceCents: number | null };

/** What a buyer's requests for an order number allow its row to be. */
export type AskedOrder = AskedTerms & {
  buyer: string;
  /** Of the first request, by the run's clock. */
  firstAskedMs: number;
  /** Its first request met a sold-out stock and claimed to be a repeat. */
  metSoldOut: boolean;
  /** A second request or a poll asked for it: it may take a unit. */
  askedAgain: boolean;
  /** Its last answer said that nothing was written. */
  turnedAway: boolean;
};

/** Part of every order number that the attacker forges. */
export const FORGED = 'FORGED';
