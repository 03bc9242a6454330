import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { compareDigests, concatBytes, DIGEST_BYTES, drawTag, hashBytes } from './draw-bytes.ts';

export type DrawOutcome = {
  drawId: Uint8Array;
  seed: Uint8Array;
  root: Uint8Array;
  /** Of the beacon's round. Null: no beacon. */
  randomness: Uint8Array | null;
};

/** The key of the sequence. */
export function orderKeyOf({ drawId, seed, root, randomness }: DrawOutcome): Uint8Array {
  return hashBytes(concatBytes(drawTag('order'), drawId, seed, root, randomness ?? new Uint8Array(DIGEST_BYTES)));
}

/**
 * The places. `ids`: one after another, strictly ascending. The result has at index p − 1 the index of the id at place p. The sequence is that of
 * HMAC-SHA-256(key, id), and of the ids where these are equal.
 */
export function orderEntries(ids: Uint8Array, outcome: DrawOutcome): Uint32Array {
  const count = ids.length / DIGEST_BYTES;
  if (!Number.isInteger(count)) throw new Error('An entry id has 32 bytes.');
  const ranks = rankEntries(ids, orderKeyOf(outcome));
  const view = new DataView(ranks.buffer);
  const places = new Uint32Array(count);
  const first = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    places[i] = i;
    first[i] = view.getUint32(i * DIGEST_BYTES);
  }
  // The first four bytes decide nearly always.
  return places.sort(
    (a, b) =>
      (first[a] as number) - (first[b] as number) ||
      compareDigests(ranks, a * DIGEST_BYTES, ranks, b * DIGEST_BYTES) ||
      a - b,
  );
}

/** HMAC-SHA-256 of each id, one after another. */
function rankEntries(ids: Uint8Array, key: Uint8Array): Uint8Array {
  const ranks = new Uint8Array(ids.length);
  // The states after the key are the same for all ids, and one object serves all.
  const fresh = hmac.create(sha256, key);
  const work = hmac.create(sha256, key);
  for (let at = 0; at < ids.length; at += DIGEST_BYTES) {
    fresh._cloneInto(work);
    work.update(ids.subarray(at, at + DIGEST_BYTES)).digestInto(ranks.subarray(at, at + DIGEST_BYTES));
  }
  return ranks;
}
