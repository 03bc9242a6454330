import { databaseNowMs } from '../../db/stocks/stock-cache.ts';
import type { Stock } from '../../db/stocks/stock-table.ts';
import type { StockUnits } from '../../proto/gen/flashsale/internal/v1/StockUnits.ts';
import type { Clock } from '../../proto/process/clock.ts';
import type { Fresh } from '../../proto/process/fresh-cache.ts';
import { isoOrNull } from '../api/iso-or-null.ts';
import { encodeEvent } from '../http/event-hub.ts';
import type { ReadStock } from '../stocks/stock-reader.ts';
import { stockState } from '../stocks/stock-view.ts';
import { createRate } from './rate.ts';

// At most 5 events a second.
const EVENT_EVERY_MS = 200;
const READ_EVERY_MS = 1000;
// Messages carry unit counts only. Window and pause need a read, less often.
const READ_DESPITE_MESSAGES_MS = 2000;
const MAX_READS_IN_FLIGHT = 50;

type Listener = (event: Buffer) => void;

export type StockWatch = {
  /**
   * Calls `listener` with the stock as it is now, unless it has seen this version, and with every change, until the returned function is
   * called. Null: no such stock.
   */
  join(sid: number, seenVersion: number | null, listener: Listener): Promise<(() => void) | null>;
  /** Takes a message of the channel stock-units. */
  updateUnits(units: StockUnits): void;
  watched(): number;
  close(): void;
};

type Watched = {
  stock: Stock;
  /** How far the database's clock is ahead of this process's. */
  aheadMs: number;
  rate: ReturnType<typeof createRate>;
  listeners: Set<Listener>;
  sentMs: number;
  sentText: string;
  cancelTimer: (() => void) | undefined;
  messageMs: number;
  readMs: number;
};

/** Watches the stocks that have listeners. Each stock is read once for all of its listeners. */
export function startStockWatch(clock: Clock, readStock: ReadStock): StockWatch {
  const stocks = new Map<number, Watched>();
  let isReading = false;
  const timer = setInterval(() => void readDue(), READ_EVERY_MS);

  async function readDue(): Promise<void> {
    if (isReading) return;
    isReading = true;
    const nowMs = clock.nowMs();
    const due = [...stocks.values()].filter(
      ({ messageMs, readMs }) => nowMs - messageMs >= READ_EVERY_MS || nowMs - readMs >= READ_DESPITE_MESSAGES_MS,
    );
    const readNext = async () => {
      for (let watched = due.pop(); watched; watched = due.pop()) {
        const fresh = await Promise.try(readStock, watched.stock.sid).catch(() => null);
        if (fresh?.value) takeRead(clock, watched, { ...fresh, value: fresh.value });
      }
    };
    await Promise.all(Array.from({ length: MAX_READS_IN_FLIGHT }, readNext));
    // Time alone changes the rate and opens a sale.
    for (const watched of stocks.values()) planEvent(clock, watched);
    isReading = false;
  }

  return {
    async join(sid, seenVersion, listener) {
      const read = stocks.get(sid) ?? (await startWatching(clock, readStock, sid));
      if (!read) return null;
      // Another listener may have joined during the read, or the last one may have left.
      const watched = stocks.get(sid) ?? read;
      stocks.set(sid, watched);
      watched.listeners.add(listener);
      const data = describe(watched, clock.nowMs());
      watched.sentText ||= JSON.stringify(data);
      // With a window, time changes the state of a stock and not its version.
      const { opensAtMs, closesAtMs, version } = watched.stock;
      if (seenVersion !== version || opensAtMs !== null || closesAtMs !== null)
        listener(encodeEvent('stock', version, data));
      return () => {
        watched.listeners.delete(listener);
        if (watched.listeners.size > 0) return;
        watched.cancelTimer?.();
        if (stocks.get(sid) === watched) stocks.delete(sid);
      };
    },
    updateUnits({ sid, count, sale, version }) {
      const watched = stocks.get(sid);
      if (!watched || version <= watched.stock.version) return;
      watched.messageMs = clock.nowMs();
      watched.rate.add(watched.messageMs, sale - watched.stock.sale);
      watched.stock = { ...watched.stock, count, sale, version };
      planEvent(clock, watched);
    },
    watched: () => stocks.size,
    close() {
      clearInterval(timer);
      for (const watched of stocks.values()) watched.cancelTimer?.();
      stocks.clear();
    },
  };
}

async function startWatching(clock: Clock, readStock: ReadStock, sid: number): Promise<Watched | null> {
  const fresh = await readStock(sid);
  const { value: stock } = fresh;
  if (stock?.kind !== 'sale') return null;
  const nowMs = clock.nowMs();
  return {
    stock,
    aheadMs: databaseNowMs({ ...fresh, value: stock }) - nowMs,
    rate: createRate(),
    listeners: new Set(),
    sentMs: Number.NEGATIVE_INFINITY,
    sentText: '',
    cancelTimer: undefined,
    messageMs: Number.NEGATIVE_INFINITY,
    readMs: nowMs,
  };
}

function takeRead(clock: Clock, watched: Watched, fresh: Fresh<Stock>): void {
  const nowMs = clock.nowMs();
  watched.readMs = nowMs;
  watched.aheadMs = databaseNowMs(fresh) - nowMs;
  // A read may be older than the latest message, which carries units only.
  const { count, sale, version } = watched.stock;
  if (fresh.value.version > version) watched.rate.add(nowMs, fresh.value.sale - sale);
  watched.stock = fresh.value.version >= version ? fresh.value : { ...fresh.value, count, sale, version };
  planEvent(clock, watched);
}

function planEvent(clock: Clock, watched: Watched): void {
  if (watched.cancelTimer || watched.listeners.size === 0) return;
  const waitMs = watched.sentMs + EVENT_EVERY_MS - clock.nowMs();
  if (waitMs <= 0) sendEvent(clock, watched);
  else watched.cancelTimer = clock.setTimer(waitMs, () => sendEvent(clock, watched));
}

function sendEvent(clock: Clock, watched: Watched): void {
  watched.cancelTimer = undefined;
  const data = describe(watched, clock.nowMs());
  const text = JSON.stringify(data);
  if (text === watched.sentText) return;
  watched.sentText = text;
  watched.sentMs = clock.nowMs();
  const event = encodeEvent('stock', watched.stock.version, data);
  for (const listener of watched.listeners) listener(event);
}

function describe({ stock, aheadMs, rate }: Watched, nowMs: number) {
  const { sid, count, sale, opensAtMs, closesAtMs } = stock;
  return {
    sid: String(sid),
    state: stockState(stock, nowMs + aheadMs),
    left: Math.max(0, count - sale),
    count,
    sold: sale,
    ordersPerSecond: rate.perSecond(nowMs),
    opensAt: isoOrNull(opensAtMs),
    closesAt: isoOrNull(closesAtMs),
  };
}
