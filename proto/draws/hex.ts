const DIGITS = '0123456789abcdef';
const PAIRS = Array.from({ length: 256 }, (_, byte) => `${DIGITS[byte >> 4]}${DIGITS[byte & 15]}`);

/** Lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += PAIRS[byte];
  return text;
}

/** Undefined: the text is not lower-case hexadecimal of whole bytes, or not of `length` bytes. */
export function fromHex(text: string, length = text.length / 2): Uint8Array | undefined {
  if (text.length !== length * 2 || !/^[0-9a-f]*$/.test(text)) return undefined;
  const bytes = new Uint8Array(length);
  return readHex(text, 0, bytes, 0, length) ? bytes : undefined;
}

/** Reads the digits of `length` bytes from `from` on into `bytes` at `at`, without making a text of them. False: another character. */
export function readHex(text: string, from: number, bytes: Uint8Array, at: number, length: number): boolean {
  for (let i = 0; i < length; i++) {
    const high = digit(text.charCodeAt(from + 2 * i));
    const low = digit(text.charCodeAt(from + 2 * i + 1));
    if (high < 0 || low < 0) return false;
    bytes[at + i] = high * 16 + low;
  }
  return true;
}

function digit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  return code >= 97 && code <= 102 ? code - 87 : -1;
}
