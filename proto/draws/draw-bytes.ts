import { sha256 } from '@noble/hashes/sha2.js';

// The bytes that docs/draw-protocol.md names. This folder runs in Node and in browsers; sign-draw.ts alone is Node's.

/** Bytes of every digest of the protocol. */
export const DIGEST_BYTES = 32;

const encoder = new TextEncoder();

/** The bytes of a text, UTF-8. */
export function drawBytesOf(text: string): Uint8Array {
  return encoder.encode(text);
}

/** T(label): "flash-sale/draw/v1/", the label, 00. What is signed or hashed for one purpose is nothing for another. */
export function drawTag(label: 'seed' | 'entry' | 'ticket' | 'root' | 'order'): Uint8Array {
  return drawBytesOf(`flash-sale/draw/v1/${label}\0`);
}

export function concatBytes(...parts: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export function hashBytes(...parts: Uint8Array[]): Uint8Array {
  return sha256(concatBytes(...parts));
}

/** A number as 4 bytes, big-endian. */
export function u32be(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

/** A number as 8 bytes, big-endian. */
export function u64be(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}

/** Below 0: `a` is before `b`; both start at the given offsets and have the length of a digest. */
export function compareDigests(a: Uint8Array, aAt: number, b: Uint8Array, bAt: number): number {
  for (let i = 0; i < DIGEST_BYTES; i++) {
    const difference = (a[aAt + i] as number) - (b[bAt + i] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}
