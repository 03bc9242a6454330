// The currencies that Node knows, including former ones.
const CODES = new Set(Intl.supportedValuesOf('currency'));

/** Whether the text is a code of ISO 4217 in capital letters. */
export function isCurrency(text: string): boolean {
  return CODES.has(text);
}
