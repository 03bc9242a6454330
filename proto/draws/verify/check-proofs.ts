import { compareDigests } from '../draw-bytes.ts';
import { drawIdOf } from '../draw-rules.ts';
import { entryIdOf } from '../entry-id-of.ts';
import { toHex } from '../hex.ts';
import type { ParsedDrawFile } from '../parse-draw-file.ts';
import { isStatement, isTicket } from '../statement.ts';
import { type DrawCheck, drawCheckOf } from './draw-check.ts';
import { compareIds } from './find-changed-ids.ts';
import type { SeenStatement, Ticket } from './read-proofs.ts';
import { findOutOfPlace, indexOfId } from './sorted-ids.ts';
import type { DrawCheckTexts } from './texts/english-texts.ts';

/** Compares the file with a statement that was seen before. */
export function checkSeen(
  file: ParsedDrawFile,
  drawId: Uint8Array,
  seen: SeenStatement,
  texts: DrawCheckTexts,
): DrawCheck {
  const failed = (detail: string) => drawCheckOf('seen', false, detail);
  if (!equal(drawId, seen.drawId)) return failed(texts.seenOther(toHex(seen.drawId)));
  if (!isStatement(file.parsedRules.key, seen, seen.statement)) return failed(texts.seenUnsigned);
  const differs = [
    file.entryCount !== seen.entryCount && `entries (${seen.entryCount}, ${file.entryCount})`,
    !equal(file.root, seen.root) && 'root',
    !equal(file.seed, seen.seed) && 'seed',
  ].filter((name) => name !== false);
  const ids = compareCopies(file, seen, texts);
  if (differs.length > 0) return failed([texts.seenDiffers(differs.join(', ')), ...ids].join('; '));
  return ids.length > 0 ? failed(ids.join('; ')) : drawCheckOf('seen', true, texts.seen);
}

/** Finds the buyer's own entry. */
export function checkTicket(
  file: ParsedDrawFile,
  drawId: Uint8Array,
  ticket: Ticket,
  places: Uint32Array | undefined,
  texts: DrawCheckTexts,
): DrawCheck {
  const { entryId, salt, buyer, signature } = ticket;
  const { parsedRules, ids, idsLine, left } = file;
  const answer = (ok: boolean, detail: string) => drawCheckOf('ticket', ok, detail);
  if (!equal(drawId, ticket.drawId)) {
    const index = file.earlier.findIndex(({ rules }) => equal(drawIdOf(rules), ticket.drawId));
    const kind = file.earlier[index]?.kind;
    if (!kind) return answer(false, texts.ticketOther(toHex(ticket.drawId)));
    return answer(false, kind === 'void' ? texts.ticketVoid(index + 1) : texts.ticketEnded(index + 1));
  }
  if (!isTicket(parsedRules.key, drawId, entryId, signature)) return answer(false, texts.ticketUnsigned);
  if (salt && buyer !== undefined && !equal(entryIdOf(drawId, buyer, salt), entryId)) {
    return answer(false, texts.ticketBuyer);
  }
  // Ids that are out of sequence are not searched: the check of the entries has failed.
  if (findOutOfPlace(ids).length > 0) return answer(false, texts.notComputed);
  const index = indexOfId(ids, entryId);
  if (index < 0) return answer(false, texts.ticketMissing(toHex(entryId)));
  if (indexOfId(left, entryId) >= 0) return answer(true, texts.ticketLeft(toHex(entryId)));
  if (!places) return answer(true, texts.ticketLine(idsLine + index));
  return answer(true, texts.ticket(idsLine + index, places.indexOf(index) + 1, places.length));
}

/** Nothing, when no ids were seen, or when ids are out of sequence: the check of the entries says so. */
function compareCopies(file: ParsedDrawFile, { ids }: SeenStatement, texts: DrawCheckTexts): string[] {
  const isAscending = (ids: Uint8Array) => findOutOfPlace(ids).length === 0;
  return ids && isAscending(file.ids) && isAscending(ids) ? compareIds(file, ids, texts) : [];
}

const equal = (a: Uint8Array, b: Uint8Array) => compareDigests(a, 0, b, 0) === 0;
