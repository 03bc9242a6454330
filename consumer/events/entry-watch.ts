import type { Draw } from '../../proto/gen/flashsale/v1/Draw.ts';
import type { Entry } from '../../proto/gen/flashsale/v1/Entry.ts';
import type { Clock } from '../../proto/process/clock.ts';
import type { DrawCalls } from '../draws/draw-calls.ts';
import { drawView } from '../draws/draw-view.ts';
import { entryView } from '../draws/entry-view.ts';
import { encodeEvent } from '../http/event-hub.ts';

const READ_EVERY_MS = 1000;
/** Events that only move the offered place are not more frequent. */
const OFFERS_EVERY_MS = 5000;
/** An entry may change without its draw: it was left from another device. */
const ENTRY_EVERY_MS = 60_000;
const MAX_READS_IN_FLIGHT = 20;

/** `isLast`: the entry does not wait any more. */
export type EntryEvent = { id: string; bytes: Buffer; isLast: boolean };
type Listener = (event: Omit<EntryEvent, 'id'>) => void;

export type EntryWatch = {
  /** Calls `listener` with the draw and with every change of the entry and the draw, until the returned function is called. */
  join(entry: Entry, listener: Listener): () => void;
  watched(): number;
  close(): void;
};

type Watched = { entry: Entry; id: string; readMs: number; listener: Listener };
type WatchedDraw = { draw: Draw | null; bytes: Buffer | null; text: string; sentMs: number; entries: Set<Watched> };

/**
 * Watches the entries that have listeners. Each draw is read once a second for all of its entries, and an entry only when the draw says that it
 * changed: its place came, or places were given. So buyers who wait for hours cost nothing.
 */
export function startEntryWatch(clock: Clock, drawCalls: Pick<DrawCalls, 'draws' | 'readEntry'>): EntryWatch {
  const stocks = new Map<number, WatchedDraw>();
  let isReading = false;
  const timer = setInterval(() => void readAll(), READ_EVERY_MS);

  async function readAll(): Promise<void> {
    if (isReading) return;
    isReading = true;
    const due = [...stocks];
    const readNext = async () => {
      for (let next = due.pop(); next; next = due.pop()) await readStock(...next).catch(() => undefined);
    };
    await Promise.all(Array.from({ length: MAX_READS_IN_FLIGHT }, readNext));
    isReading = false;
  }

  async function readStock(sid: number, watched: WatchedDraw): Promise<void> {
    const { value: draw } = await drawCalls.draws.read(sid);
    if (!draw) return;
    const nowMs = clock.nowMs();
    takeDraw(watched, draw, nowMs);
    const due = [...watched.entries].filter(
      ({ entry, readMs }) => isOutdated(entry, draw) || nowMs - readMs >= ENTRY_EVERY_MS,
    );
    await Promise.allSettled(due.map(readEntry));
  }

  async function readEntry(watched: Watched): Promise<void> {
    const { sid, buyer } = watched.entry;
    const entry = await drawCalls.readEntry({ sid, buyer });
    watched.readMs = clock.nowMs();
    // Erased: its reader reconnects and gets 404.
    if (!entry) return watched.listener({ bytes: Buffer.alloc(0), isLast: true });
    const event = entryEvent(entry);
    watched.entry = entry;
    if (event.id === watched.id) return;
    watched.id = event.id;
    watched.listener(event);
  }

  return {
    join(entry, listener) {
      const { sid } = entry;
      const of: WatchedDraw = stocks.get(sid) ?? { draw: null, bytes: null, text: '', sentMs: 0, entries: new Set() };
      const watched: Watched = { entry, id: entryEvent(entry).id, readMs: clock.nowMs(), listener };
      stocks.set(sid, of);
      of.entries.add(watched);
      if (of.bytes) listener({ bytes: of.bytes, isLast: false });
      return () => {
        of.entries.delete(watched);
        if (of.entries.size === 0 && stocks.get(sid) === of) stocks.delete(sid);
      };
    },
    watched: () => [...stocks.values()].reduce((sum, { entries }) => sum + entries.size, 0),
    close() {
      clearInterval(timer);
      stocks.clear();
    },
  };
}

/** A waiting entry has changed by what the draw says: a void attempt gave it another id, it has its place, or its turn came. */
function isOutdated({ drawId, place }: Entry, draw: Draw): boolean {
  if (!drawId.equals(draw.drawId)) return true;
  return place === undefined ? draw.state === 'DRAWN' : place <= draw.offeredPlace;
}

function takeDraw(watched: WatchedDraw, draw: Draw, nowMs: number): void {
  const { draw: before, sentMs, text, entries } = watched;
  watched.draw = draw;
  const view = drawView(draw);
  const now = JSON.stringify(view);
  if (now === text) return;
  const isSameState = before !== null && before.attempt === draw.attempt && before.state === draw.state;
  if (isSameState && nowMs - sentMs < OFFERS_EVERY_MS) return;
  const bytes = encodeEvent('draw', null, view);
  watched.bytes = bytes;
  watched.text = now;
  watched.sentMs = nowMs;
  for (const { listener } of entries) listener({ bytes, isLast: false });
}

/** The event of an entry as it is now. Its id is what a reader must know of it. */
export function entryEvent(entry: Entry): EntryEvent {
  const view = entryView(entry);
  const id = `${view.state}-${view.place ?? 0}-${view.ticket?.entryId.slice(0, 16) ?? ''}`;
  return { id, bytes: encodeEvent('entry', id, view), isLast: view.state !== 'waiting' };
}
