import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { signTokens } from '../../../verify/sale/buyers/create-tokens.ts';

export type TokenFile = {
  file: string;
  /** Bytes of a line with its line feed; all lines have the same length. */
  lineBytes: number;
  lines: number;
  /** The first unused line. Each buyer buys once. */
  next: number;
};

const DIGITS = 9;

/** Writes the tokens of `lines` buyers, one per line. */
export async function writeTokens(file: string, secret: string, lines: number): Promise<TokenFile> {
  const sign = signTokens({ secret, issuer: 'flash-sale', audience: 'flash-sale' });
  const out = createWriteStream(file, { mode: 0o600 });
  let lineBytes = 0;
  for (let line = 0; line < lines; line += 1) {
    const text = `${await sign(`buyer-${String(line).padStart(DIGITS, '0')}`, 'buyer')}\n`;
    lineBytes ||= text.length;
    if (text.length !== lineBytes) throw new Error('the tokens differ in length');
    if (!out.write(text)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
  return { file, lineBytes, lines, next: 0 };
}
