const REFERENCE = /^[!-~]{1,64}$/;

/** Whether the text can be the reference of a stock or an order: 1 to 64 visible ASCII characters. */
export function isReference(text: string): boolean {
  return REFERENCE.test(text);
}
