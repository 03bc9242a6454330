import { type Draw, readDraws } from '../../../db/draws/draw-table.ts';
import { type Entry, readEntries, readEntryIds } from '../../../db/draws/entry-table.ts';
import { eraseEntry } from '../../../db/draws/erase-entry.ts';
import { leaveEntry } from '../../../db/draws/leave-entry.ts';
import { MAX_ENTRIES, type TakeEntriesOptions, type TakenEntry, takeEntries } from '../../../db/draws/take-entries.ts';
import { openLine } from '../../../db/offers/open-line.ts';
import type { UnitsAfter } from '../../../db/stocks/stock-table.ts';
import type { DrawServiceHandlers } from '../../../proto/gen/flashsale/v1/DrawService.ts';
import type { EnterDrawReplyInput } from '../../../proto/gen/flashsale/v1/EnterDrawReply.ts';
import type { EnterDrawRequest } from '../../../proto/gen/flashsale/v1/EnterDrawRequest.ts';
import { isBuyer } from '../../../proto/messages/order-record.ts';
import { realClock } from '../../../proto/process/clock.ts';
import { createFreshCache, type Fresh } from '../../../proto/process/fresh-cache.ts';
import { createKeyedBatcher } from '../../../proto/process/keyed-batcher.ts';
import { answerItems } from '../answer-items.ts';
import { checkPairs, checkRange, checkStockId } from '../check-request.ts';
import { CallError, InvalidFieldError } from '../describe-fault.ts';
import type { DrawOptions } from '../draw-options.ts';
import { recordChange } from '../record-change.ts';
import type { ServiceOptions } from '../service-options.ts';
import { createDrawSummary } from './draw-summary.ts';
import { drawnByMs } from './drawn-by-ms.ts';
import { toDrawMessage, toEntryMessage } from './to-draw-message.ts';

const FRESH_MS = 1000;
const MAX_DRAWS_IN_MEMORY = 1000;
const MAX_IDS = 10_000;
/** Entries that wait, of all stocks. */
const MAX_WAITING = 5000;
const ID_BYTES = 32;
const MAX_INT32 = 2 ** 31 - 1;
const OUTCOMES = {
  ENTERED: 'ENTERED',
  KNOWN: 'KNOWN_ENTRY',
  NOT_OPEN: 'ENTRIES_NOT_OPEN',
  CLOSED: 'ENTRIES_CLOSED',
  PENDING: 'DRAW_PENDING',
  NO_DRAW: 'NO_DRAW',
} as const;

export type DrawServiceOptions = Pick<ServiceOptions, 'database' | 'answer' | 'warn' | 'limitList'> &
  DrawOptions & {
    /** Transactions that take entries at once. */
    maxTaking: number;
    /** The outcomes of one transaction. */
    onTaken(outcomes: string[]): void;
    /** Called when a line has opened: other orders are refused from then on. */
    onLineOpened(units: UnitsAfter): void;
  };

/** The rpcs of draws and lines. */
export function createDrawService(options: DrawServiceOptions): DrawServiceHandlers {
  const { database, answer, warn, limitList, drawKey, maxTaking, onTaken, offerWithinMs } = options;
  const takeOptions = lineOf(options);
  // Entries of one stock share a transaction, and one stock fails alone.
  const takeEntry = createKeyedBatcher({
    clock: realClock,
    maxBatch: MAX_ENTRIES,
    maxInFlight: maxTaking,
    maxWaiting: MAX_WAITING,
    async send(sid: number, buyers: string[]): Promise<TakenEntry[]> {
      const keys = buyers.map((buyer) => ({ sid, buyer }));
      const taken = await takeEntries(database, drawKey, keys, takeOptions);
      onTaken(taken.map(({ outcome }) => outcome));
      return taken;
    },
  });
  const draws = createFreshCache(realClock, MAX_DRAWS_IN_MEMORY, async (sid: number): Promise<Fresh<Draw[]>> => {
    const value = await database.session((session) => readDraws(session, [sid]));
    return { value, freshForMs: FRESH_MS, heldMs: 0 };
  });

  async function readDraw(sid: number): Promise<Fresh<[...Draw[], Draw]>> {
    const { value, ...age } = await draws.read(checkStockId('sid', sid));
    if (value.length === 0) throw new CallError('DRAW_NOT_FOUND', `stock ${sid} has no draw`);
    return { value: value as [...Draw[], Draw], ...age };
  }

  async function toMessage(entry: Entry) {
    return toEntryMessage(entry, (await draws.read(entry.sid)).value.at(-1));
  }

  return {
    EnterDraws: answer(async ({ items }) => {
      const enter = async ({ sid, buyer }: EnterDrawRequest): Promise<EnterDrawReplyInput> => {
        const { outcome, entry } = await takeEntry(checkStockId('sid', sid), checkBuyer(buyer));
        const knownAtMs = outcome === 'PENDING' ? drawnByMs((await readDraw(sid)).value.at(-1) as Draw) : 0;
        return { outcome: OUTCOMES[outcome], entry: entry && (await toMessage(entry)), knownAtMs };
      };
      return { results: await answerItems(items, enter, warn) };
    }),

    LeaveDraw: answer(async ({ sid, buyer }) => {
      const { outcome, entry } = await leaveEntry(database, checkStockId('sid', sid), checkBuyer(buyer));
      const message = entry && (await toMessage(entry));
      switch (outcome) {
        case 'LEFT':
          return { outcome: 'LEFT_DRAW', entry: message };
        case 'OFFERED':
          return { outcome: 'ENTRY_OFFERED', entry: message };
        case 'NO_ENTRY':
          return { outcome };
        default:
          return outcome satisfies never;
      }
    }),

    GetEntries: answer(async ({ pairs }) => {
      checkPairs(pairs);
      const entries = await limitList(() => database.session((session) => readEntries(session, pairs, drawKey)));
      return { entries: await Promise.all(entries.map(toMessage)) };
    }),

    GetDraw: answer(async ({ sid }) => {
      const { value, freshForMs } = await readDraw(sid);
      return toDrawMessage(value, freshForMs);
    }),

    ListEntryIds: answer(async ({ afterId, pageSize, leftOnly, ...of }) => {
      const limit = checkRange('page_size', pageSize, 0, MAX_IDS) || MAX_IDS;
      if (afterId.length !== 0 && afterId.length !== ID_BYTES)
        throw new InvalidFieldError('after_id', 'must have 32 bytes');
      const sid = checkStockId('sid', of.sid);
      const asked = {
        attempt: checkRange('attempt', of.attempt, 0, MAX_INT32),
        entryCount: checkRange('entries', of.entries, 0, Number.MAX_SAFE_INTEGER),
      };
      const { attempt, entryCount } = asked.attempt > 0 ? asked : ((await readDraw(sid)).value.at(-1) as Draw);
      const page = { sid, attempt, entryCount, afterId: afterId.length === 0 ? null : afterId, leftOnly, limit };
      const ids = await limitList(() => database.session((session) => readEntryIds(session, page)));
      return { ids: Buffer.concat(ids) };
    }),

    SummarizeDraw: answer(createDrawSummary({ database, limitList, readDraw, offerWithinMs })),

    EraseEntry: answer(async ({ sid, buyer, actor }) => {
      // The log of actions keeps no name that the change erases.
      const record = recordChange(actor, 'eraseEntry');
      const outcome = await eraseEntry(database, checkStockId('sid', sid), checkBuyer(buyer), record);
      switch (outcome) {
        case 'ERASED':
          return {};
        case 'NO_ENTRY':
          throw new CallError('ENTRY_NOT_FOUND', 'the buyer has no entry');
        case 'OFFERED':
          throw new CallError('ENTRY_OFFERED', 'the entry had its turn; its order has the buyer too');
        default:
          return outcome satisfies never;
      }
    }),
  };
}

/** A rush that is sold out gets a line. */
function lineOf({
  isOn,
  database,
  lineWindowMs,
  beacon,
  drawKey,
  onLineOpened,
}: DrawServiceOptions): TakeEntriesOptions {
  if (!isOn) return {};
  const rest = { lineWindowMs, beacon, drawKey, onOpened: onLineOpened };
  return { openLine: (sid) => openLine(database, { sid, ...rest }) };
}

function checkBuyer(buyer: string): string {
  if (!isBuyer(buyer)) throw new InvalidFieldError('buyer', 'must be 1 to 255 visible ASCII characters');
  return buyer;
}
