import { DIGEST_BYTES } from './draw-bytes.ts';
import { toHex } from './hex.ts';

/** The public file begins with this line. */
export const DRAW_FILE_VERSION = 'flash-sale/draw/v1/file';

/** `void`: no statement in time. `ended`: its line ended, and a later line is the next attempt. */
export const EARLIER_ATTEMPTS = ['void', 'ended'] as const;

export type EarlierAttempt = { kind: (typeof EARLIER_ATTEMPTS)[number]; rules: Uint8Array };

export type DrawFileHead = {
  /** The bytes of the rules file. */
  rules: Uint8Array;
  /** All attempts before, the first one first. */
  earlier: EarlierAttempt[];
  entryCount: number;
  root: Uint8Array;
  seed: Uint8Array;
  /** The shop's signature of the statement. */
  statement: Uint8Array;
  /** Null: the rules name none. `pending`: the round is not known yet. */
  beacon: { round: number; signature: Uint8Array } | 'pending' | null;
};

export type DrawFile = DrawFileHead & {
  /** One after another. */
  ids: Uint8Array;
  /** Of entries that left after closing; their places are passed over. */
  left: Uint8Array;
};

/** The file in one text. In parts: formatDrawHead, formatDrawIds as often as needed, DRAW_FILE_LEFT, formatDrawIds, DRAW_FILE_END. */
export function formatDrawFile(file: DrawFile): string {
  return [formatDrawHead(file), formatDrawIds(file.ids), DRAW_FILE_LEFT, formatDrawIds(file.left), DRAW_FILE_END].join(
    '',
  );
}

export const DRAW_FILE_LEFT = 'left\n';
export const DRAW_FILE_END = 'end\n';

/** All lines before the ids. */
export function formatDrawHead({ rules, earlier, entryCount, root, seed, statement, beacon }: DrawFileHead): string {
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return [
    DRAW_FILE_VERSION,
    `rules ${text(rules)}`,
    ...earlier.map((attempt) => `${attempt.kind} ${text(attempt.rules)}`),
    `entries ${entryCount}`,
    `root ${toHex(root)}`,
    `seed ${toHex(seed)}`,
    `statement ${toHex(statement)}`,
    `beacon ${formatBeacon(beacon)}`,
    'ids\n',
  ].join('\n');
}

/** One line for each id. */
export function formatDrawIds(ids: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < ids.length; at += DIGEST_BYTES) lines.push(`${toHex(ids.subarray(at, at + DIGEST_BYTES))}\n`);
  return lines.join('');
}

function formatBeacon(beacon: DrawFileHead['beacon']): string {
  if (beacon === null) return 'none';
  return beacon === 'pending' ? beacon : `${beacon.round} ${toHex(beacon.signature)}`;
}
