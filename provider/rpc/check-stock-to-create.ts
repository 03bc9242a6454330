import { type EntryTimes, OPENS_AFTER_CLOSING_MS } from '../../db/stocks/stock-draws.ts';
import { type NewStock, STOCK_MODES, type StockMode } from '../../db/stocks/stock-table.ts';
import type { CreateStockRequest } from '../../proto/gen/flashsale/v1/CreateStockRequest.ts';
import { checkNewStock, checkTime } from './check-request.ts';
import { CallError, InvalidFieldError } from './describe-fault.ts';
import type { DrawOptions } from './draw-options.ts';

/** A stock to create. `entries`: of its draw; null: it is a rush. */
export type StockToCreate = NewStock & { entries: EntryTimes | null };

/** As checkNewStock, with the mode and the times of entries of its draw. Throws a CallError where draws are off. */
export function checkStockToCreate(
  request: CreateStockRequest,
  mostPerOrder: number,
  draws: DrawOptions,
): StockToCreate {
  const stock = checkNewStock(request, mostPerOrder);
  return { ...stock, ...checkNewDraw(request, stock.maxPerOrder, draws) };
}

function checkNewDraw(
  request: CreateStockRequest,
  maxPerOrder: number,
  { isOn, beacon }: DrawOptions,
): { mode: StockMode; entries: EntryTimes | null } {
  const mode = checkMode(request.mode);
  const openAtMs = checkTime('entries_open_at_ms', request.entriesOpenAtMs);
  const closeAtMs = checkTime('entries_close_at_ms', request.entriesCloseAtMs);
  if (mode === 'rush') {
    if (openAtMs !== null) throw new InvalidFieldError('entries_open_at_ms', 'requires mode draw or line');
    if (closeAtMs !== null) throw new InvalidFieldError('entries_close_at_ms', 'requires mode draw or line');
    return { mode, entries: null };
  }
  if (!isOn) throw new CallError('DRAWS_OFF', 'the provider runs with DRAWS=off');
  if (request.kind === 'ladder') throw new InvalidFieldError('mode', 'requires kind sale');
  if (request.count < 1) throw new InvalidFieldError('count', `must be at least 1 with mode ${mode}`);
  if (maxPerOrder !== 1) throw new InvalidFieldError('max_per_order', `must be 1 with mode ${mode}`);
  const times = {
    entriesOpenAtMs: required('entries_open_at_ms', openAtMs),
    entriesCloseAtMs: required('entries_close_at_ms', closeAtMs),
  };
  checkSequence(times, required('opens_at_ms', checkTime('opens_at_ms', request.opensAtMs)), beacon !== null);
  return { mode, entries: times };
}

function checkMode(text: string): StockMode {
  if (text === '') return 'rush';
  const mode = STOCK_MODES.find((known) => known === text);
  if (!mode) throw new InvalidFieldError('mode', `must be one of ${STOCK_MODES.join(', ')}, is '${text}'`);
  return mode;
}

function required(field: string, timeMs: number | null): number {
  if (timeMs === null) throw new InvalidFieldError(field, 'is required with mode draw and line');
  return timeMs;
}

function checkSequence({ entriesOpenAtMs, entriesCloseAtMs }: EntryTimes, opensAtMs: number, hasBeacon: boolean): void {
  if (entriesCloseAtMs <= entriesOpenAtMs) {
    throw new InvalidFieldError('entries_close_at_ms', 'must be after entries_open_at_ms');
  }
  if (entriesCloseAtMs <= Date.now()) throw new InvalidFieldError('entries_close_at_ms', 'must be in the future');
  const minutes = hasBeacon ? OPENS_AFTER_CLOSING_MS / 60_000 : 0;
  if (opensAtMs < entriesCloseAtMs + minutes * 60_000) {
    const reason = minutes === 0 ? '' : `, by ${minutes} minutes: the beacon's round comes between`;
    throw new InvalidFieldError('opens_at_ms', `must not be before entries_close_at_ms${reason}`);
  }
}
