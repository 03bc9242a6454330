/**
 * Currencies whose smallest unit is not a hundredth, by ISO 4217, list one. Intl does not serve: it follows what is customary, such as no
 * decimals for HUF, IDR and PKR, so an amount would be shown a hundred times too high.
 */
const exceptions = new Map<string, number>([
  ...'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ').map((code) => [code, 0] as const),
  ...'BHD IQD JOD KWD LYD OMR TND'.split(' ').map((code) => [code, 3] as const),
  ...'CLF UYW'.split(' ').map((code) => [code, 4] as const),
]);

/** The decimal digits of an amount in the smallest unit of a currency. */
export function currencyDigits(currency: string): number {
  return exceptions.get(currency) ?? 2;
}
