type Digits = {
  /** Decimal digits of an amount in the smallest unit of ISO 4217. */
  iso: number;
  /** Decimal digits of an amount in a call of Stripe. */
  stripe: number;
  /** Stripe takes multiples of it only. */
  step: number;
};

const TWO: Digits = { iso: 2, stripe: 2, step: 1 };
const ZERO: Digits = { iso: 0, stripe: 0, step: 1 };
const THREE: Digits = { iso: 3, stripe: 3, step: 10 };
/** Without decimals in ISO 4217; Stripe keeps the two decimals of former years, which must be zero. */
const ZERO_WRITTEN_AS_TWO: Digits = { iso: 0, stripe: 2, step: 100 };
/** The ariary has five iraimbilanja; ISO 4217 lists two decimals, and Stripe none. */
const TWO_WRITTEN_AS_ZERO: Digits = { iso: 2, stripe: 0, step: 1 };

/**
 * Currencies that do not have two decimals in both. Sources: https://docs.stripe.com/currencies, sections "Zero-decimal currencies",
 * "Three-decimal currencies" and "Special cases", and ISO 4217, list one.
 */
const digitsOf = new Map<string, Digits>([
  ...'BIF CLP DJF GNF JPY KMF KRW PYG RWF VND VUV XAF XOF XPF'.split(' ').map((code) => [code, ZERO] as const),
  ...'BHD JOD KWD OMR TND'.split(' ').map((code) => [code, THREE] as const),
  ...'ISK UGX'.split(' ').map((code) => [code, ZERO_WRITTEN_AS_TWO] as const),
  ['MGA', TWO_WRITTEN_AS_ZERO],
]);

/** Not currencies of Stripe, and without two decimals in ISO 4217. Others that Stripe does not know are refused by Stripe. */
const UNKNOWN = new Set(['CLF', 'IQD', 'LYD', 'UYI', 'UYW']);

/** An amount in the smallest unit of ISO 4217 as Stripe writes it. Throws if Stripe cannot take it. */
export function toStripeAmount(amountCents: number, currency: string): number {
  const { iso, stripe, step } = digits(currency);
  const amount = stripe >= iso ? amountCents * 10 ** (stripe - iso) : amountCents / 10 ** (iso - stripe);
  if (Number.isSafeInteger(amount) && amount % step === 0) return amount;
  throw new Error(`Stripe does not take ${amountCents} of the smallest unit of ${currency}`);
}

/** The opposite of toStripeAmount. Throws for an amount that is not a whole number of the smallest unit. */
export function fromStripeAmount(amount: number, currency: string): number {
  const { iso, stripe } = digits(currency);
  const amountCents = iso >= stripe ? amount * 10 ** (iso - stripe) : amount / 10 ** (stripe - iso);
  if (Number.isSafeInteger(amountCents)) return amountCents;
  throw new Error(`Stripe has ${amount} ${currency}, which is not a whole number of its smallest unit`);
}

function digits(currency: string): Digits {
  if (UNKNOWN.has(currency)) throw new Error(`Stripe has no amounts in ${currency}`);
  return digitsOf.get(currency) ?? TWO;
}
