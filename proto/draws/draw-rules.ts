import { drawBytesOf, drawTag, hashBytes } from './draw-bytes.ts';
import { fromHex } from './hex.ts';

/** What the shop publishes before entries open. */
export type DrawRules = {
  sid: number;
  /** 1; one more after each void attempt. */
  attempt: number;
  /** Units. */
  count: number;
  /** ISO 8601 in UTC with milliseconds, as Date.toISOString writes it. */
  entriesOpenAt: string;
  entriesCloseAt: string;
  /** The public randomness that the places depend on; the chain's hash as hexadecimal. Null: none, and the shop could have chosen the outcome. */
  beacon: { chain: string; round: number } | null;
  /** The shop's Ed25519 key, hexadecimal. */
  key: string;
  /** hashSeed of the seed that the statement names, hexadecimal. */
  seedHash: string;
};

/** The bytes of the rules file: JSON, the fields in this sequence, no spaces. Throws on what parseRules would not read. */
export function encodeRules(rules: DrawRules): Uint8Array {
  const wrong = findWrongField(rules);
  if (wrong) throw new Error(`The rules have a wrong ${wrong}.`);
  const { sid, attempt, count, entriesOpenAt, entriesCloseAt, beacon, key, seedHash } = rules;
  return drawBytesOf(
    JSON.stringify({
      sid,
      attempt,
      count,
      entriesOpenAt,
      entriesCloseAt,
      beacon: beacon && { chain: beacon.chain, round: beacon.round },
      key,
      seedHash,
    }),
  );
}

/** Throws on any other bytes than encodeRules writes. */
export function parseRules(bytes: Uint8Array): DrawRules {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  const rules = JSON.parse(text) as DrawRules;
  if (new TextDecoder().decode(encodeRules(rules)) !== text) {
    throw new Error('The rules are not written as the protocol says: JSON, its fields in their sequence, no spaces.');
  }
  return rules;
}

export function drawIdOf(rules: Uint8Array): Uint8Array {
  return hashBytes(rules);
}

export function hashSeed(seed: Uint8Array): Uint8Array {
  return hashBytes(drawTag('seed'), seed);
}

function findWrongField(rules: DrawRules): string | undefined {
  if (typeof rules !== 'object' || rules === null) return 'form';
  const { sid, attempt, count, entriesOpenAt, entriesCloseAt, beacon, key, seedHash } = rules;
  const fields: [name: string, ok: boolean][] = [
    ['sid', isNumber(sid)],
    ['attempt', isNumber(attempt)],
    ['count', isNumber(count)],
    ['entriesOpenAt', isTime(entriesOpenAt)],
    ['entriesCloseAt', isTime(entriesCloseAt)],
    ['beacon', beacon === null || (typeof beacon === 'object' && isDigest(beacon.chain) && isNumber(beacon.round))],
    ['key', isDigest(key)],
    ['seedHash', isDigest(seedHash)],
  ];
  return fields.find(([, ok]) => !ok)?.[0];
}

const isNumber = (value: unknown) => Number.isSafeInteger(value) && (value as number) > 0;
const isDigest = (value: unknown) => typeof value === 'string' && fromHex(value, 32) !== undefined;

function isTime(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const date = new Date(value);
  return !Number.isNaN(date.getTime()) && date.toISOString() === value;
}
