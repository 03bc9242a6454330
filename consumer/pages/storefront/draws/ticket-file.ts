import { identity } from '../../identity.ts';
import type { SeenStatement } from './draw-types.ts';
import { readKeptEntry } from './kept-entries.ts';

/** Saves the buyer's tickets and the first statement that this browser saw as a file. Nothing of it is part of an address. */
export function saveTicketFile(sid: string, name: string, seen: SeenStatement | null): void {
  const buyer = identity.peek()?.buyer;
  if (buyer === undefined) return;
  const tickets = readKeptEntry(buyer, sid)?.tickets ?? [];
  const content = { what: 'flash-sale ticket', shop: location.origin, sid, name, buyer, tickets, firstStatement: seen };
  const url = URL.createObjectURL(new Blob([`${JSON.stringify(content, null, 2)}\n`], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `ticket-${sid}.json`;
  link.click();
  // Some browsers read it after the click.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
