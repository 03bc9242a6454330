import { hashSeed } from '../draw-rules.ts';
import type { EarlierAttempt } from '../format-draw-file.ts';
import { toHex } from '../hex.ts';
import type { ParsedDrawFile } from '../parse-draw-file.ts';
import { quicknet, quicknetTimeOf, readQuicknetBeacon } from '../quicknet.ts';
import { isStatement } from '../statement.ts';
import { type DrawCheck, drawCheckOf, drawWarningOf } from './draw-check.ts';
import { findChangedIds } from './find-changed-ids.ts';
import { countIds, findOutOfPlace, idAt, indexOfId } from './sorted-ids.ts';
import type { DrawCheckTexts } from './texts/english-texts.ts';

/** The statement must be public for this time before the round. */
const STATED_BEFORE_MS = 600_000;

export function checkRules({ parsedRules }: ParsedDrawFile, drawId: Uint8Array, texts: DrawCheckTexts): DrawCheck {
  const { sid, attempt, count, entriesOpenAt, entriesCloseAt, key } = parsedRules;
  if (entriesOpenAt >= entriesCloseAt) return drawCheckOf('rules', false, texts.closesFirst);
  const about = texts.rules(sid, attempt, count, entriesOpenAt, entriesCloseAt);
  return drawCheckOf('rules', true, `${about}; ${texts.published(toHex(drawId), key)}`);
}

export function checkAttempts(file: ParsedDrawFile, texts: DrawCheckTexts): DrawCheck {
  const { parsedRules, earlier, parsedEarlier } = file;
  const { sid, attempt, key } = parsedRules;
  const list = (kind?: EarlierAttempt['kind']) =>
    parsedEarlier
      .filter((_, i) => kind === undefined || earlier[i]?.kind === kind)
      .map((rules) => texts.attempt(rules.attempt, rules.entriesCloseAt))
      .join(', ');
  const isListed = parsedEarlier.every((rules, i) => rules.attempt === i + 1 && rules.sid === sid && rules.key === key);
  if (!isListed || parsedEarlier.length !== attempt - 1) {
    return drawCheckOf('attempts', false, texts.attemptsMissing(attempt, list()));
  }
  if (attempt === 1) return drawCheckOf('attempts', true, texts.firstAttempt);
  const [voided, ended] = [list('void'), list('ended')];
  const warnings = [voided && texts.voidAttempts(voided), ended && texts.endedAttempts(ended)];
  return drawWarningOf('attempts', warnings.filter((text) => text !== '').join('; '));
}

export function checkSeed({ parsedRules, seed }: ParsedDrawFile, texts: DrawCheckTexts): DrawCheck {
  const ok = toHex(hashSeed(seed)) === parsedRules.seedHash;
  return drawCheckOf('seed', ok, ok ? texts.seed : texts.seedChanged);
}

export function checkStatement(file: ParsedDrawFile, drawId: Uint8Array, texts: DrawCheckTexts): DrawCheck {
  const { entryCount, root, seed, statement, parsedRules } = file;
  const ok = isStatement(parsedRules.key, { drawId, entryCount, root, seed }, statement);
  return drawCheckOf('statement', ok, ok ? texts.statement(entryCount, toHex(root)) : texts.statementChanged);
}

export function checkEntries(file: ParsedDrawFile, texts: DrawCheckTexts): DrawCheck {
  const changed = findChangedIds(file, file, texts);
  return drawCheckOf('entries', changed.length === 0, changed.join('; ') || texts.entries(file.entryCount));
}

export function checkLeft({ ids, left, leftLine, entryCount }: ParsedDrawFile, texts: DrawCheckTexts): DrawCheck {
  const [unsorted] = findOutOfPlace(left);
  if (unsorted !== undefined) return drawCheckOf('left', false, texts.leftUnsorted(leftLine + unsorted));
  for (let i = 0; i < countIds(left); i++) {
    const id = idAt(left, i);
    if (indexOfId(ids, id) < 0) return drawCheckOf('left', false, texts.leftUnknown(leftLine + i, toHex(id)));
  }
  return drawCheckOf('left', true, texts.left(countIds(left), entryCount));
}

export function checkBeacon(
  { parsedRules, beacon }: ParsedDrawFile,
  texts: DrawCheckTexts,
): { check: DrawCheck; randomness: Uint8Array | null } {
  const failed = (detail: string) => ({ check: drawCheckOf('beacon', false, detail), randomness: null });
  const named = parsedRules.beacon;
  if (!named) {
    if (beacon) return failed(texts.beaconUnnamed);
    return { check: drawWarningOf('beacon', texts.noBeacon), randomness: null };
  }
  if (named.chain !== quicknet.chain) return failed(texts.otherChain(named.chain));
  const time = quicknetTimeOf(named.round);
  if (time < Date.parse(parsedRules.entriesCloseAt) + STATED_BEFORE_MS) {
    return failed(texts.roundEarly(named.round, showTime(time)));
  }
  if (beacon === null) return failed(texts.beaconMissing(named.round));
  if (beacon === 'pending') return failed(texts.pending(named.round, showTime(time)));
  if (beacon.round !== named.round) return failed(texts.otherRound(named.round, beacon.round));
  const randomness = readQuicknetBeacon(beacon.round, beacon.signature);
  if (!randomness) return failed(texts.beaconForged(beacon.round));
  const detail = texts.beacon(beacon.round, showTime(time), toHex(randomness));
  return { check: drawCheckOf('beacon', true, detail), randomness };
}

// A round that no clock reaches has no ISO text.
function showTime(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? `${ms} ms` : date.toISOString();
}
