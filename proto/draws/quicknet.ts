import { bls12_381 } from '@noble/curves/bls12-381';
import { hashBytes, u64be } from './draw-bytes.ts';
import { fromHex } from './hex.ts';

/** drand quicknet, a public beacon: its servers together sign each round's number, and nobody knows the signature before. */
export const quicknet = {
  chain: '52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971',
  publicKey:
    '83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a',
  /** Of round 1. */
  genesisMs: 1_692_803_367_000,
  periodMs: 3000,
};

// The scheme bls-unchained-g1-rfc9380: signatures on G1, the message is SHA-256 of the round.
const HASH_TO_CURVE = 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_';
const SIGNATURE_BYTES = 48;

/** When a round's signature becomes known. */
export function quicknetTimeOf(round: number): number {
  return quicknet.genesisMs + (round - 1) * quicknet.periodMs;
}

/**
 * The 32 random bytes of a round, SHA-256 of its signature. Undefined: this is not quicknet's signature of the round. No network is needed: the key is
 * above.
 */
export function readQuicknetBeacon(round: number, signature: Uint8Array): Uint8Array | undefined {
  if (signature.length !== SIGNATURE_BYTES) return undefined;
  const { shortSignatures: bls, G2 } = bls12_381;
  try {
    const message = bls.hash(hashBytes(u64be(round)), HASH_TO_CURVE);
    const key = G2.Point.fromBytes(fromHex(quicknet.publicKey) as Uint8Array);
    if (!bls.verify(bls.Signature.fromBytes(signature), message, key)) return undefined;
  } catch {
    // Bytes that are no point of the curve.
    return undefined;
  }
  return hashBytes(signature);
}
