import type { BuyBody, Entry, Order, Stock } from './api-types.ts';
import { type BuyOptions, type BuyResult, createBuy } from './buy.ts';
import { createCaller, type Token } from './caller.ts';
import { createIntents, type Store } from './intents.ts';
import { createOrderReader } from './order-reader.ts';
import { readEvents } from './read-events.ts';
import { createServerClock } from './server-clock.ts';

export type { BuyBody, Entry, Money, Order, OrderState, Payment, Stock } from './api-types.ts';
export type { BuyOptions, BuyResult, BuyUpdate } from './buy.ts';
export type { Token } from './caller.ts';
export { FlashSaleError, type Problem } from './flash-sale-error.ts';

export type FlashSaleClientOptions = {
  /** The origin of the API, such as `https://sale.example`. Default: the origin of the page. */
  url?: string;
  /** Needed for everything but `stock`, `now` and `watch` of a stock. */
  token?: Token;
  /** Keeps an intent to buy over a reload. Default: localStorage in a browser; null or elsewhere: memory. */
  storage?: Store | null;
  /** Default: the fetch of the platform. */
  fetch?: typeof fetch;
};

export type StockEvent = Pick<Stock, 'sid' | 'state' | 'left' | 'count' | 'sold' | 'opensAt' | 'closesAt'>;
export type StartedPayment = { paymentId: string; orderNo: string; amount: Stock['price']; redirectUrl: string };
export type FlashSaleClient = ReturnType<typeof createFlashSaleClient>;

/** Calls reject with a FlashSaleError, `buy` and `resume` only when their signal is aborted. */
export function createFlashSaleClient(options: FlashSaleClientOptions = {}) {
  const { url = '', token, storage = browserStorage(), fetch = globalThis.fetch.bind(globalThis) } = options;
  const caller = createCaller({ url: url.replace(/\/$/, ''), token, fetch });
  const { call, open } = caller;
  const clock = createServerClock(async () => (await call<{ now: string }>('/time')).body.now);
  const orders = createOrderReader(caller);
  const run = createBuy({ caller, orders, clock, intents: createIntents(storage ?? undefined, clock.now) });
  const stockPath = (sid: string) => `/stocks/${encodeURIComponent(sid)}`;
  const callEntry = async (sid: string, method: 'GET' | 'POST', path = ''): Promise<Entry> =>
    (await call<Entry>(`${stockPath(sid)}/entry${path}`, { method })).body;

  return {
    /**
     * One click: sends the order, repeats it with the same key until there is an answer, waits for the opening and for the decision. A call
     * while another one of this stock runs joins it. A stored intent without an answer is completed first, with its own quantity and price.
     */
    buy: (sid: string, options: BuyOptions = {}) => run(sid, options, true) as Promise<BuyResult>,
    /** After a reload: completes the click that was running. Null: there was none. */
    resume: (sid: string, options: Omit<BuyOptions, keyof BuyBody> = {}) => run(sid, options, false),
    /** Enters the draw of the stock, or joins its line. A buyer has one entry for each stock: a repeat answers with the same one. */
    enter: (sid: string) => callEntry(sid, 'POST'),
    /** The buyer's entry, with his place, and the order of his offer. */
    entry: (sid: string) => callEntry(sid, 'GET'),
    leave: (sid: string) => callEntry(sid, 'POST', '/leave'),
    stock: async (sid: string): Promise<Stock> => (await call<Stock>(stockPath(sid))).body,
    order: async (orderNo: string): Promise<Order> => (await orders.read(orderNo)).body,
    /** The buyer's orders, newest first: the first page. */
    orders: async (query: { sid?: string; reference?: string } = {}): Promise<Order[]> =>
      (await call<{ orders: Order[] }>(`/orders?${new URLSearchParams(query)}`)).body.orders,
    cancel: async (orderNo: string): Promise<Order> =>
      (await call<Order>(`${orders.pathOf(orderNo)}/cancel`, { method: 'POST' })).body,
    /** Send the buyer to `redirectUrl`. `returnUrl`: a path, or an address whose origin is in CORS_ORIGINS. */
    pay: async (orderNo: string, returnUrl?: string): Promise<StartedPayment> => {
      const body = returnUrl === undefined ? {} : { body: { returnUrl } };
      return (await call<StartedPayment>(`${orders.pathOf(orderNo)}/payments`, { method: 'POST', ...body })).body;
    },
    /** Calls `listener` with the stock, or the order, now and after each change, until the returned function is called. */
    watch,
    /** The server's time in milliseconds; measured first if it is not known. */
    now: async (): Promise<number> => {
      await clock.sync();
      return clock.now();
    },
  };

  function watch(what: { sid: string }, listener: (stock: StockEvent) => void): () => void;
  function watch(what: { orderNo: string }, listener: (order: Order) => void): () => void;
  function watch(what: { sid: string } | { orderNo: string }, listener: (data: never) => void): () => void {
    if ('orderNo' in what) return orders.watch(what.orderNo, listener as (order: Order) => void);
    return readEvents({
      open: (headers, signal) => open(`${stockPath(what.sid)}/events`, { headers, signal }),
      onEvent: (event, data) => event === 'stock' && listener(data as never),
    });
  }
}

function browserStorage(): Store | undefined {
  try {
    // Other platforms print a warning when it is read.
    return 'document' in globalThis ? globalThis.localStorage : undefined;
  } catch {
    return undefined;
  }
}
