import { sha256 } from '@noble/hashes/sha2.js';
import { compareDigests, DIGEST_BYTES } from './draw-bytes.ts';

// 2^48 leaves are more than anybody can add.
const MAX_LEVELS = 48;
const LEAF = new Uint8Array([0]);
const NODE = new Uint8Array([1]);

/**
 * The tree of RFC 9162, 2.1.1: a leaf is SHA-256(00, id), a node SHA-256(01, left, right). It keeps one digest per level, those of the whole
 * subtrees on its right edge. `add` throws when an id is not after the one before it.
 */
export function createMerkleTree() {
  const whole = new Uint8Array(MAX_LEVELS * DIGEST_BYTES);
  const latest = new Uint8Array(DIGEST_BYTES);
  const digest = new Uint8Array(DIGEST_BYTES);
  const hashInto = createHasher();
  let leaves = 0;

  const subtree = (level: number) => whole.subarray(level * DIGEST_BYTES, (level + 1) * DIGEST_BYTES);

  return {
    add(id: Uint8Array): void {
      if (id.length !== DIGEST_BYTES) throw new Error('An entry id has 32 bytes.');
      if (leaves > 0 && compareDigests(latest, 0, id, 0) >= 0) throw new Error('Entry ids must be strictly ascending.');
      latest.set(id);
      hashInto(digest, LEAF, id);
      let level = 0;
      // A whole subtree waits on the left at each level whose bit is set in the number of leaves.
      for (let count = leaves; count % 2 === 1; count = (count - 1) / 2) {
        hashInto(digest, NODE, subtree(level), digest);
        level++;
      }
      subtree(level).set(digest);
      leaves++;
    },
    root(): Uint8Array {
      if (leaves === 0) return sha256(new Uint8Array());
      let root: Uint8Array | undefined;
      for (let level = 0, count = leaves; count > 0; level++, count = Math.floor(count / 2)) {
        if (count % 2 === 0) continue;
        if (root) hashInto(root, NODE, subtree(level), root);
        else root = subtree(level).slice();
      }
      return root as Uint8Array;
    },
    leaves: () => leaves,
  };
}

/** Writes SHA-256 of the parts into `digest`. One object serves all: a million leaves make no million objects. */
function createHasher() {
  const fresh = sha256.create();
  const work = sha256.create();
  return (digest: Uint8Array, ...parts: Uint8Array[]): void => {
    fresh._cloneInto(work);
    for (const part of parts) work.update(part);
    work.digestInto(digest);
  };
}
