import { storage } from '../../keep-storage.ts';
import type { Draw, Entry, SeenStatement, Ticket } from './draw-types.ts';

// What this browser keeps about draws: the buyer's tickets, and the first statement of each draw.

type KeptEntry = { entry: Entry; tickets: Ticket[] };

const entryKey = (buyer: string, sid: string) => `flash-sale.entry.${sid}.${buyer}`;
const statementKey = (sid: string, attempt: number) => `flash-sale.statement.${sid}.${attempt}`;

export function readKeptEntry(buyer: string, sid: string): KeptEntry | null {
  const kept = read<KeptEntry>(entryKey(buyer, sid));
  return kept && typeof kept.entry === 'object' && Array.isArray(kept.tickets) ? kept : null;
}

/** Keeps the entry and all its tickets: each attempt of a draw gives another one. */
export function keepEntry(buyer: string, entry: Entry): void {
  const tickets = readKeptEntry(buyer, entry.sid)?.tickets ?? [];
  const { ticket } = entry;
  if (ticket && !tickets.some(({ entryId }) => entryId === ticket.entryId)) tickets.push(ticket);
  storage.setItem(entryKey(buyer, entry.sid), JSON.stringify({ entry, tickets }));
}

/** The stock and buyer of a key of `keepEntry`. */
export function readEntryKey(key: string | null): { sid: string; buyer: string } | null {
  const [, sid, buyer] = /^flash-sale\.entry\.(\d+)\.(.+)$/.exec(key ?? '') ?? [];
  return sid !== undefined && buyer !== undefined ? { sid, buyer } : null;
}

/** The first statement of this attempt that this browser saw; null: none was published. A later one never replaces it. */
export function keepFirstStatement({
  sid,
  attempt,
  drawId,
  entries,
  root,
  seed,
  statement,
}: Draw): SeenStatement | null {
  const key = statementKey(sid, attempt);
  const kept = read<SeenStatement>(key);
  if (kept && typeof kept.root === 'string') return kept;
  if (root === null || statement === null) return null;
  const seen = { attempt, drawId, entries, root, seed, statement, seenAt: new Date().toISOString() };
  storage.setItem(key, JSON.stringify(seen));
  return seen;
}

/** Whether the published statement is another one than the first. */
export function isOtherStatement(seen: SeenStatement, draw: Draw): boolean {
  const { drawId, entries, root, statement } = draw;
  return seen.drawId !== drawId || seen.entries !== entries || seen.root !== root || seen.statement !== statement;
}

function read<T>(key: string): T | null {
  try {
    return JSON.parse(storage.getItem(key) ?? 'null');
  } catch {
    return null;
  }
}
