import { identity } from '../../identity.ts';
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
  saveFile(`ticket-${sid}.json`, { drawId, entryId, salt, signature, buyer, about, earlier });
}

/** Saves the first statement that this browser saw. */
export function saveStatement(sid: string, seen: SeenStatement): void {
  saveFile(`statement-${sid}.json`, seen);
}

function saveFile(name: string, content: object): void {
  const blob = new Blob([`${JSON.stringify(content, null, 2)}\n`], { type: 'application/json' });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // Some browsers read it after the click.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
