import { databaseNowMs } from '../../db/stocks/stock-cache.ts';
import type { Stock } from '../../db/stocks/stock-table.ts';
import type { StockUnits } from '../../proto/gen/flashsale/v1/StockUnits.ts';
import type { Clock } from '../../proto/process/clock.ts';
import type { Fresh } from '../../proto/process/keep-fresh.ts';
import { encodeEvent } from '../events/event-hub.ts';
import { createRate } from '../limits/rate.ts';
import { isoOrNull } from '../orders/order-view.ts';
import type { ReadStock } from './stock-reader.ts';
import { stockState } from './stock-view.ts';

// At most 5 events a second.
const EVENT_EVERY_MS = 200;
const LOOK_EVERY_MS = 1000;
// Messages say units only. Window and pause are read all the same, less often.
const READ_DESPITE_MESSAGES_MS = 2000;
const READS_OUT = 50;

export type StockWatch = {
  /**
   * Tells `hear` of the stock now, unless `seenVersion` is what it would hear, and of every change; returns how to leave. Null:
   * there is no such stock.
   */
  join(sid: number, seenVersion: number | null, hear: (event: Buffer) => void): Promise<(() => void) | null>;
  /** A message of the channel stock-units. */
  tell(units: StockUnits): void;
  watched(): number;
  close(): void;
};

type Watched = {
  stock: Stock;
  /** The database's clock, as this process's clock plus so much. */
  aheadMs: number;
  rate: ReturnType<typeof createRate>;
  listeners: Set<(event: Buffer) => void>;
  sentMs: number;
  sentText: string;
  cancelTimer: (() => void) | undefined;
  deliveredMs: number;
  readMs: number;
};

/** Stocks that somebody listens to: each is followed once, however many listen. */
export function watchStocks(clock: Clock, readStock: ReadStock): StockWatch {
  const stocks = new Map<number, Watched>();
  let looking = false;
  const timer = setInterval(() => void lookAtAll(), LOOK_EVERY_MS);

  async function lookAtAll(): Promise<void> {
    if (looking) return;
    looking = true;
    const nowMs = clock.nowMs();
    const due = [...stocks.values()].filter(
      ({ deliveredMs, readMs }) => nowMs - deliveredMs >= LOOK_EVERY_MS || nowMs - readMs >= READ_DESPITE_MESSAGES_MS,
    );
    const readNext = async () => {
      for (let one = due.pop(); one; one = due.pop()) {
        const fresh = await Promise.try(readStock, one.stock.sid).catch(() => null);
        if (fresh?.value) takeRead(one, { ...fresh, value: fresh.value });
      }
    };
    await Promise.all(Array.from({ length: READS_OUT }, readNext));
    // The rate falls and a sale opens without anybody's doing.
    for (const one of stocks.values()) planEvent(one);
    looking = false;
  }

  function takeRead(one: Watched, fresh: Fresh<Stock>): void {
    one.readMs = clock.nowMs();
    one.aheadMs = databaseNowMs(fresh) - clock.nowMs();
    // A read may be older than the latest message, but of the units only.
    const { count, sale, version } = one.stock;
    if (fresh.value.version > version) one.rate.add(clock.nowMs(), fresh.value.sale - sale);
    one.stock = fresh.value.version >= version ? fresh.value : { ...fresh.value, count, sale, version };
    planEvent(one);
  }

  function planEvent(one: Watched): void {
    if (one.cancelTimer || one.listeners.size === 0) return;
    const waitMs = one.sentMs + EVENT_EVERY_MS - clock.nowMs();
    if (waitMs <= 0) sendEvent(one);
    else one.cancelTimer = clock.setTimer(waitMs, () => sendEvent(one));
  }

  function sendEvent(one: Watched): void {
    one.cancelTimer = undefined;
    const data = describe(one, clock.nowMs());
    const text = JSON.stringify(data);
    if (text === one.sentText) return;
    one.sentText = text;
    one.sentMs = clock.nowMs();
    const event = encodeEvent('stock', one.stock.version, data);
    for (const hear of one.listeners) hear(event);
  }

  async function follow(sid: number): Promise<Watched | null> {
    const known = stocks.get(sid);
    if (known) return known;
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
      deliveredMs: Number.NEGATIVE_INFINITY,
      readMs: nowMs,
    };
  }

  return {
    async join(sid, seenVersion, hear) {
      const followed = await follow(sid);
      if (!followed) return null;
      // Whoever came meanwhile has made one, or the last listener has left.
      const one = stocks.get(sid) ?? followed;
      stocks.set(sid, one);
      one.listeners.add(hear);
      const data = describe(one, clock.nowMs());
      one.sentText ||= JSON.stringify(data);
      // Where the clock changes the state without a new version, a version says too little.
      const { opensAtMs, closesAtMs, version } = one.stock;
      if (seenVersion !== version || opensAtMs !== null || closesAtMs !== null)
        hear(encodeEvent('stock', version, data));
      return () => {
        one.listeners.delete(hear);
        if (one.listeners.size > 0) return;
        one.cancelTimer?.();
        if (stocks.get(sid) === one) stocks.delete(sid);
      };
    },
    tell({ sid, count, sale, version }) {
      const one = stocks.get(sid);
      if (!one || version <= one.stock.version) return;
      one.deliveredMs = clock.nowMs();
      one.rate.add(one.deliveredMs, sale - one.stock.sale);
      one.stock = { ...one.stock, count, sale, version };
      planEvent(one);
    },
    watched: () => stocks.size,
    close() {
      clearInterval(timer);
      for (const one of stocks.values()) one.cancelTimer?.();
      stocks.clear();
    },
  };
}

function describe({ stock, aheadMs, rate }: Watched, nowMs: number) {
  const { sid, count, sale, opensAtMs, closesAtMs } = stock;
  return {
    sid,
    state: stockState(stock, nowMs + aheadMs),
    left: Math.max(0, count - sale),
    count,
    sold: sale,
    ordersPerSecond: rate.perSecond(nowMs),
    opensAt: isoOrNull(opensAtMs),
    closesAt: isoOrNull(closesAtMs),
  };
}
