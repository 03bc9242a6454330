import { currencyDigits } from '../../messages/currency-digits.ts';

/** How Stripe writes a currency. */
type Rule = {
  /** Decimal digits of its amounts. */
  digits: number;
  /** It takes multiples of this only. */
  step: number;
};

/**
 * Currencies that Stripe does not write with two decimals, or of which it does not take every amount. Source:
 * https://docs.stripe.com/currencies, sections "Zero-decimal currencies", "Three-decimal currencies" and "Special cases". ISK and UGX have no
 * decimals in ISO 4217 and two in Stripe, which must be zero. MGA has two in ISO 4217 and none in Stripe.
 */
const rules = new Map<string, Rule>([
  ...rulesFor('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF', { digits: 0, step: 1 }),
  ...rulesFor('BHD JOD KWD OMR TND', { digits: 3, step: 10 }),
  ...rulesFor('ISK UGX', { digits: 2, step: 100 }),
]);

const USUAL: Rule = { digits: 2, step: 1 };

function rulesFor(codes: string, rule: Rule): [code: string, rule: Rule][] {
  return codes.split(' ').map((code) => [code, rule]);
}

/** An amount in the smallest unit of ISO 4217 as Stripe writes it. Throws if Stripe cannot take it. */
export function toStripeAmount(amountCents: number, currency: string): number {
  const { digits, step } = ruleOf(currency);
  const amount = shift(amountCents, digits - currencyDigits(currency));
  if (Number.isSafeInteger(amount) && amount % step === 0) return amount;
  throw new Error(`Stripe does not take ${amountCents} of the smallest unit of ${currency}`);
}

/** The opposite of toStripeAmount. Throws for an amount that is not a whole number of the smallest unit. */
export function fromStripeAmount(amount: number, currency: string): number {
  const amountCents = shift(amount, currencyDigits(currency) - ruleOf(currency).digits);
  if (Number.isSafeInteger(amountCents)) return amountCents;
  throw new Error(`Stripe has ${amount} ${currency}, which is not a whole number of its smallest unit`);
}

/** Throws for a currency that Stripe does not know and whose amounts would be misread as hundredths, such as IQD. */
function ruleOf(currency: string): Rule {
  const rule = rules.get(currency);
  if (!rule && currencyDigits(currency) !== USUAL.digits) throw new Error(`Stripe has no amounts in ${currency}`);
  return rule ?? USUAL;
}

function shift(amount: number, digits: number): number {
  return digits >= 0 ? amount * 10 ** digits : amount / 10 ** -digits;
}
