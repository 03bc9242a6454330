import { currencyDigits } from '../../../../proto/messages/currency-digits.ts';

/** A price as text, such as 19.99. */
export function writePrice(cents: number, currency: string): string {
  const decimals = currencyDigits(currency);
  return (cents / 10 ** decimals).toFixed(decimals);
}
