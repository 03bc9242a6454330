import { concatBytes, drawBytesOf, drawTag, hashBytes, u32be } from './draw-bytes.ts';

/** The id under which the public file names an entry: only who knows buyer and salt can find it. `salt`: 32 random bytes. */
export function entryIdOf(drawId: Uint8Array, buyer: string, salt: Uint8Array): Uint8Array {
  const name = drawBytesOf(buyer);
  return hashBytes(concatBytes(drawTag('entry'), drawId, u32be(name.length), name, salt));
}
