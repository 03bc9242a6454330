import { compareDigests, DIGEST_BYTES } from '../draw-bytes.ts';
import { toHex } from '../hex.ts';
import { createMerkleTree } from '../merkle-tree.ts';
import { countIds, findInsertion, findOutOfPlace, idAt, indexOfId, removeIds, sortIds } from './sorted-ids.ts';
import type { DrawCheckTexts } from './texts/english-texts.ts';

/** The ids of a file, one after another, and where they are in it. */
export type FileIds = { ids: Uint8Array; idsLine: number };

/** What the shop stated. */
export type StatedTree = { entryCount: number; root: Uint8Array };

/** Removing each id in turn and hashing the others again takes about a second for this many. */
const MAX_TRIED = 1000;
const MAX_NAMED = 10;

/**
 * Sentences about what was done to the ids, as far as the stated number and root tell it. Empty: nothing. For one id that was exchanged for another in the
 * same place, only another copy of the file tells which one it was (compareIds).
 */
export function findChangedIds(file: FileIds, { entryCount, root }: StatedTree, texts: DrawCheckTexts): string[] {
  const { ids } = file;
  const count = countIds(ids);
  const isStated = (others: Uint8Array) => countIds(others) === entryCount && equal(rootOf(others), root);
  const outOfPlace = findOutOfPlace(ids);
  if (outOfPlace.length > 0) return explainOutOfPlace(file, outOfPlace, entryCount, isStated, texts);
  if (count < entryCount) return [texts.missing(entryCount - count, entryCount)];
  if (count > entryCount) {
    const added = count === entryCount + 1 && count <= MAX_TRIED ? findAdded(ids, isStated) : undefined;
    return [
      added === undefined ? texts.addedSome(count - entryCount, entryCount) : texts.added(nameId(file, added, texts)),
    ];
  }
  return isStated(ids) ? [] : [texts.someChanged];
}

/** Sentences about how the ids differ from those of another copy. Both are strictly ascending. */
export function compareIds(file: FileIds, seen: Uint8Array, texts: DrawCheckTexts): string[] {
  const { ids, idsLine } = file;
  const found: string[] = [];
  let here = 0;
  let there = 0;
  while (here < countIds(ids) || there < countIds(seen)) {
    let order = compareDigests(ids, here * DIGEST_BYTES, seen, there * DIGEST_BYTES);
    if (here === countIds(ids)) order = 1;
    else if (there === countIds(seen)) order = -1;
    if (order < 0) found.push(texts.notSeen(nameId(file, here, texts)));
    if (order > 0) found.push(texts.missingBefore(toHex(idAt(seen, there)), idsLine + here));
    if (order <= 0) here++;
    if (order >= 0) there++;
  }
  return summarize(found, texts);
}

type IsStated = (ids: Uint8Array) => boolean;

function explainOutOfPlace(
  file: FileIds,
  outOfPlace: number[],
  entryCount: number,
  isStated: IsStated,
  texts: DrawCheckTexts,
): string[] {
  const { ids } = file;
  const kept = removeIds(ids, outOfPlace);
  const nameAll = (what: (name: string, index: number) => string) =>
    summarize(
      outOfPlace.map((index) => what(nameId(file, index, texts), index)),
      texts,
    );
  if (isStated(sortIds(ids))) {
    return nameAll((name, index) => {
      if (indexOfId(kept, idAt(ids, index)) >= 0) return texts.twice(name);
      const next = findInsertion(kept, idAt(ids, index));
      return next === 0 ? texts.movedFirst(name) : texts.moved(name, toHex(idAt(kept, next - 1)));
    });
  }
  if (isStated(kept)) return nameAll(texts.added);
  if (countIds(ids) === entryCount) return nameAll(texts.changed);
  return [...nameAll(texts.outOfSequence), texts.counts(countIds(ids), entryCount)];
}

function findAdded(ids: Uint8Array, isStated: IsStated): number | undefined {
  for (let index = 0; index < countIds(ids); index++) if (isStated(removeIds(ids, [index]))) return index;
  return undefined;
}

function nameId({ ids, idsLine }: FileIds, index: number, texts: DrawCheckTexts): string {
  return texts.id(idsLine + index, toHex(idAt(ids, index)));
}

/** The root of ids that are strictly ascending. */
function rootOf(ids: Uint8Array): Uint8Array {
  const tree = createMerkleTree();
  for (let i = 0; i < countIds(ids); i++) tree.add(idAt(ids, i));
  return tree.root();
}

const equal = (a: Uint8Array, b: Uint8Array) => compareDigests(a, 0, b, 0) === 0;

function summarize(sentences: string[], texts: DrawCheckTexts): string[] {
  const more = sentences.length - MAX_NAMED;
  return more > 0 ? [...sentences.slice(0, MAX_NAMED), texts.more(more)] : sentences;
}
