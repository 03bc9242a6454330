import { drawIdOf } from '../draw-rules.ts';
import { toHex } from '../hex.ts';
import { orderEntries } from '../order-entries.ts';
import { type ParsedDrawFile, parseDrawFile } from '../parse-draw-file.ts';
import {
  checkAttempts,
  checkBeacon,
  checkEntries,
  checkLeft,
  checkRules,
  checkSeed,
  checkStatement,
} from './check-file.ts';
import { checkSeen, checkTicket } from './check-proofs.ts';
import { type DrawCheck, drawCheckOf } from './draw-check.ts';
import type { SeenStatement, Ticket } from './read-proofs.ts';
import { idAt } from './sorted-ids.ts';
import { drawCheckTexts } from './texts/draw-check-texts.ts';

export type VerifiedDraw = {
  ok: boolean;
  checks: DrawCheck[];
  /** Undefined: the file cannot be read. */
  file?: ParsedDrawFile;
  /** The index of the id at each place. Undefined: a check that they depend on failed. */
  places?: Uint32Array;
};

export type VerifyDrawOptions = {
  seen?: SeenStatement | undefined;
  ticket?: Ticket | undefined;
  /** Of the details. Default: English. */
  language?: keyof typeof drawCheckTexts;
};

/** Recomputes all of a draw from its public file, without a network. */
export function verifyDraw(text: string, options: VerifyDrawOptions = {}): VerifiedDraw {
  const { seen, ticket, language = 'en' } = options;
  const texts = drawCheckTexts[language];
  let file: ParsedDrawFile;
  try {
    file = parseDrawFile(text);
  } catch (error) {
    return { ok: false, checks: [drawCheckOf('file', false, (error as Error).message)] };
  }
  const drawId = drawIdOf(file.rules);
  const { check: beacon, randomness } = checkBeacon(file, texts);
  const needed = [
    checkRules(file, drawId, texts),
    checkSeed(file, texts),
    checkStatement(file, drawId, texts),
    checkEntries(file, texts),
    checkLeft(file, texts),
    beacon,
  ];
  const { ids, seed, root } = file;
  const canOrder = needed.every(({ ok }) => ok);
  const places = canOrder ? orderEntries(ids, { drawId, seed, root, randomness }) : undefined;
  const checks = [...needed, checkAttempts(file, texts)];
  if (seen) checks.push(checkSeen(file, drawId, seen, texts));
  if (ticket) checks.push(checkTicket(file, drawId, ticket, places, texts));
  if (!places) return { ok: false, checks: [...checks, drawCheckOf('places', false, texts.notComputed)], file };
  const [first] = places;
  const detail = first === undefined ? texts.nobody : texts.places(places.length, toHex(idAt(ids, first)));
  checks.push(drawCheckOf('places', true, detail));
  return { ok: checks.every(({ ok }) => ok), checks, file, places };
}
