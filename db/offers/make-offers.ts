import assert from 'node:assert/strict';
import { insertDrawEvent } from '../draws/draw-event-table.ts';
import type { Database, Session, Transaction } from '../mysql/database.ts';
import { insertOrderEvents } from '../orders/order-event-table.ts';
import { firstState } from '../orders/order-states.ts';
import { insertOrders, type NewOrder, readActiveOrders } from '../orders/order-table.ts';
import { lockStock } from '../orders/return-units.ts';
import { findWindowRefusal } from '../orders/sale-window.ts';
import { readStocks, type Stock, type UnitsAfter } from '../stocks/stock-table.ts';
import {
  findStocksDue,
  lockDrawnDraw,
  lockNextEntries,
  markLeft,
  markOffered,
  moveOfferedPlace,
  type NextEntry,
} from './next-entries.ts';

/** The order of an entry that got an offer. */
export type Offer = { orderNo: string; buyer: string };

/** What one transaction did. `lineEnded`: no entry waits any more, and the stock is a rush again. */
export type MadeOffers = { units: UnitsAfter; offers: Offer[]; lineEnded: boolean };

export type OfferOptions = {
  /** A number that no buyer can mint before. */
  mintOrderNo(sid: number, buyer: string): string;
  /** Time to pay an offer, in milliseconds. */
  offerWithinMs: number;
  /** Called after each COMMIT. */
  onMade(made: MadeOffers): void;
  /** Called for a stock whose transaction failed. The other stocks are processed all the same. */
  onError(sid: number, error: unknown): void;
  /** Maximum number of offers in one transaction (200). */
  batch?: number;
};

const STOCKS = 100;
const BATCH = 200;

/**
 * Offers free units to the entries with the next places: each offer is an order that is inserted as confirmed. One transaction for each
 * stock; an offer exists when it is committed, and an unknown COMMIT is answered by the next run, which reads again. True: there may be
 * more. Several jobs may run at once.
 */
export async function makeOffers(database: Database, options: OfferOptions): Promise<boolean> {
  const { onMade, onError, batch = BATCH } = options;
  const sids = await database.session((session) => findStocksDue(session, STOCKS));
  let progressed = false;
  let failed = false;
  for (const sid of sids) {
    try {
      const made = await database.transaction((transaction) => offerUnits(transaction, sid, batch, options));
      if (!made) continue;
      onMade(made);
      progressed = true;
    } catch (error) {
      failed = true;
      onError(sid, error);
    }
  }
  // After a failure, or when no found stock changed, the next run waits.
  return progressed && !failed;
}

/** The sequence of locks is stock, draw, entries, orders. Null: there is nothing to do, and nothing is changed. */
async function offerUnits(
  transaction: Transaction,
  sid: number,
  batch: number,
  options: OfferOptions,
): Promise<MadeOffers | null> {
  // Its version moves, so no decision that read the stock before takes the same units.
  if (!(await lockStock(transaction, sid))) return transaction.rollBack(null);
  const [stock] = await readStocks(transaction, [sid]);
  const draw = await lockDrawnDraw(transaction, sid);
  if (!stock?.offersOnly || !draw) return transaction.rollBack(null);
  const isOpen = findWindowRefusal(stock, stock.readAtMs) === null;
  const wanted = isOpen ? Math.min(stock.count - stock.sale, batch) : 0;
  const next = wanted > 0 ? await lockNextEntries(transaction, draw, wanted) : [];
  // Fewer than wanted: behind them no entry waits.
  const offeredPlace = wanted > 0 && next.length < wanted ? draw.lastPlace : (next.at(-1)?.place ?? draw.offeredPlace);
  const lineEnded = stock.mode === 'rush' && offeredPlace >= draw.lastPlace;
  if (offeredPlace === draw.offeredPlace && !lineEnded) return transaction.rollBack(null);

  const { offered, left } = await divide(transaction, sid, next);
  const offers = offered.map(({ buyer, place }) => ({ orderNo: options.mintOrderNo(sid, buyer), buyer, place }));
  await insertOffers(transaction, stock, offers, options.offerWithinMs);
  await markOffered(transaction, draw, offers);
  await markLeft(transaction, draw, left);
  await moveOfferedPlace(transaction, { ...draw, offeredPlace, lineEnded });
  if (lineEnded) await insertDrawEvent(transaction, draw, 'line_ended');
  const offersOnly = lineEnded ? 0 : 1;
  await transaction.change('UPDATE stock SET sale = sale + ?, offers_only = ? WHERE id = ?', [
    offers.length,
    offersOnly,
    sid,
  ]);
  const { count, version } = stock;
  const units = { sid, count, sale: stock.sale + offers.length, version };
  return { units, offers: offers.map(({ orderNo, buyer }) => ({ orderNo, buyer })), lineEnded };
}

/** A buyer who has an active order of the stock has had his turn: his entry is over, and the next place gets the unit. */
async function divide(
  session: Session,
  sid: number,
  entries: NextEntry[],
): Promise<{ offered: NextEntry[]; left: NextEntry[] }> {
  const active = await readActiveOrders(
    session,
    entries.map(({ buyer }) => ({ sid, buyer })),
  );
  const holders = new Set(active.map(({ buyer }) => buyer));
  return {
    offered: entries.filter(({ buyer }) => !holders.has(buyer)),
    left: entries.filter(({ buyer }) => holders.has(buyer)),
  };
}

async function insertOffers(session: Session, stock: Stock, offers: Offer[], offerWithinMs: number): Promise<void> {
  const { sid, name, priceCents, readAtMs } = stock;
  const state = firstState('CONFIRMED', priceCents === 0);
  assert(offers.length <= stock.count - stock.sale);
  const orders = offers.map(
    ({ orderNo, buyer }): NewOrder => ({
      orderNo,
      sid,
      buyer,
      name,
      state,
      liveOrderNo: null,
      priceCents,
      mintedAtMs: readAtMs,
      payByMs: state === 'paid' ? null : readAtMs + offerWithinMs,
      paidAtMs: state === 'paid' ? readAtMs : null,
      judgedAtMs: readAtMs,
      decidedBy: 'offer',
      partition: null,
      offset: null,
    }),
  );
  await insertOrders(session, orders);
  const types = [...(['confirmed', 'offer_made'] as const), ...(state === 'paid' ? (['paid'] as const) : [])];
  await insertOrderEvents(
    session,
    offers.flatMap(({ orderNo, buyer }) => types.map((type) => ({ orderNo, type, sid, buyer, priceCents }))),
  );
}
