import { compareDigests, DIGEST_BYTES } from '../draw-bytes.ts';

// Ids of 32 bytes, one after another.

export const countIds = (ids: Uint8Array) => ids.length / DIGEST_BYTES;

export const idAt = (ids: Uint8Array, index: number) => ids.subarray(index * DIGEST_BYTES, (index + 1) * DIGEST_BYTES);

const compare = (ids: Uint8Array, a: number, b: number) => compareDigests(ids, a * DIGEST_BYTES, ids, b * DIGEST_BYTES);

/** The indexes of ids that are not in their place between the ids around them: without these the others are strictly ascending. */
export function findOutOfPlace(ids: Uint8Array): number[] {
  const count = countIds(ids);
  const wrong: number[] = [];
  const kept = new Uint32Array(count);
  let length = 0;
  for (let i = 0; i < count; i++) {
    const latest = kept[length - 1];
    if (latest === undefined || compare(ids, latest, i) < 0) {
      kept[length++] = i;
      continue;
    }
    // One of the two is wrong: the one before if, without it, this one and the next are ascending.
    const earlier = kept[length - 2];
    const fits = (earlier === undefined || compare(ids, earlier, i) < 0) && compare(ids, latest, i) !== 0;
    const nextFitsLatest = i + 1 < count && compare(ids, latest, i + 1) < 0;
    if (fits && !nextFitsLatest) kept[length - 1] = i;
    wrong.push(fits && !nextFitsLatest ? latest : i);
  }
  return wrong.sort((a, b) => a - b);
}

/** The index of an id among ids that are strictly ascending; below 0: it is not there. */
export function indexOfId(ids: Uint8Array, id: Uint8Array): number {
  const index = findInsertion(ids, id);
  return index < countIds(ids) && compareDigests(ids, index * DIGEST_BYTES, id, 0) === 0 ? index : -1;
}

/** The number of ids before this one, among ids that are strictly ascending. */
export function findInsertion(ids: Uint8Array, id: Uint8Array): number {
  let [low, high] = [0, countIds(ids)];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareDigests(ids, middle * DIGEST_BYTES, id, 0) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** `indexes` are ascending. */
export function removeIds(ids: Uint8Array, indexes: number[]): Uint8Array {
  const kept = new Uint8Array(ids.length - indexes.length * DIGEST_BYTES);
  let at = 0;
  let from = 0;
  for (const index of [...indexes, countIds(ids)]) {
    const part = ids.subarray(from * DIGEST_BYTES, index * DIGEST_BYTES);
    kept.set(part, at);
    at += part.length;
    from = index + 1;
  }
  return kept;
}

/** Ascending, each id once. */
export function sortIds(ids: Uint8Array): Uint8Array {
  const sequence = Uint32Array.from({ length: countIds(ids) }, (_, index) => index).sort((a, b) => compare(ids, a, b));
  const sorted = new Uint8Array(ids.length);
  let length = 0;
  for (const index of sequence) {
    const id = idAt(ids, index);
    if (length > 0 && compareDigests(sorted, length - DIGEST_BYTES, id, 0) === 0) continue;
    sorted.set(id, length);
    length += DIGEST_BYTES;
  }
  return sorted.subarray(0, length);
}
