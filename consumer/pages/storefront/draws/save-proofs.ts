import { identity } from '../../identity.ts';
import { saveJson } from '../../save-file.ts';
import type { SeenStatement } from './draw-types.ts';
import { readKeptEntry } from './kept-entries.ts';

// Files for `flash-sale draw verify` and the page that checks. Nothing of them is part of an address.

/** Saves the buyer's ticket; with it those of attempts that were void. */
export function saveTicket(sid: string, name: string): void {
  const buyer = identity.peek()?.buyer;
  const kept = buyer === undefined ? null : readKeptEntry(buyer, sid);
  const ticket = kept?.tickets.at(-1);
  if (!kept || !ticket) return;
  const { enteredAt } = kept.entry;
  const { drawId, entryId, salt, signature } = ticket;
  const earlier = kept.tickets.slice(0, -1);
  const about = { shop: location.origin, sid, name, enteredAt };
  saveJson(`ticket-${sid}.json`, { drawId, entryId, salt, signature, buyer, about, earlier });
}

/** Saves the first statement that this browser saw. */
export function saveStatement(sid: string, seen: SeenStatement): void {
  saveJson(`statement-${sid}.json`, seen);
}
