import { edit, editSql, type Mutant, remove, simulated, tested } from './mutant.ts';

const MAKE = 'db/offers/make-offers.test.ts';
const OPEN = 'db/offers/open-line.test.ts';
const AUDIT = 'db/audit/check-offers.test.ts';

/** Conditions of the audit that no row may meet, by what each of them sees: its first words, all of them with AND between them. */
const auditedRules = (name: string, conditions: Record<string, string>): Mutant[] =>
  Object.entries(conditions).map(([rule, condition]) =>
    tested(
      `audit-without-${rule.replaceAll(' ', '-')}`,
      `the audit sees ${rule}`,
      AUDIT,
      editSql(name, condition, `FALSE AND ${condition}`),
    ),
  );

/** Bugs in draws, lines and offers. */
export const offersMutants: Mutant[] = [
  simulated(
    'decision-ignores-offers-only',
    'where units go to offers, no other order is confirmed',
    edit('decideBatch', "stock.offersOnly ? 'ENTRY_REQUIRED' : $1", '$1'),
  ),
  simulated(
    'offers-move-no-version',
    'an offer moves the version of its stock, so no decision that read it before takes the same unit',
    editSql('lockStock', 'version = version + 1', 'version = version'),
  ),
  simulated(
    'offered-place-moves-too-far',
    'a place is passed only when its entry had its turn',
    edit('offerUnits', 'wanted > 0 && next.length < wanted', 'wanted > 0'),
  ),
  simulated(
    'offered-entries-not-marked',
    'an entry has one turn',
    edit('offerUnits', 'await markOffered($1, $2, $3);', 'await markOffered($1, $2, []);'),
  ),
  simulated(
    'offer-made-not-published',
    'an offer has its event offer.made',
    edit('insertOffers', "[...['confirmed', 'offer_made'], ...$1]", "[...['confirmed'], ...$1]"),
  ),
  simulated(
    'offer-expired-not-published',
    'an offer that expires has its event offer.expired',
    edit('returnUnits', "to === 'expired' && decidedBy === 'offer'", 'false'),
  ),
  simulated(
    'line-ended-not-published',
    'a line that ends has its event line.ended',
    remove('offerUnits', "if (lineEnded) await insertDrawEvent(transaction, draw, 'line_ended');"),
  ),
  tested(
    'draw-stated-not-published',
    'a statement has its event draw.stated, in the same transaction',
    'order-worker/draws/work-on-draw.test.ts',
    remove('stateDraw', "await insertDrawEvent(transaction, draw, 'stated');"),
  ),
  tested(
    'draw-drawn-not-published',
    'a draw has its event draw.drawn, in the same transaction',
    'order-worker/draws/work-on-draw.test.ts',
    remove('givePlaces', "await insertDrawEvent(transaction, draw, 'drawn');"),
  ),
  tested(
    'confirmed-in-one-call-beside-offers',
    'the procedure confirms nothing where units go to offers',
    'order-worker/order-decider.test.ts',
    editSql('CONFIRM_RUSH_ORDERS', 'AND NOT s.paused AND NOT s.offers_only', 'AND NOT s.paused'),
  ),
  tested(
    'edge-ignores-offers-only',
    'an order is refused before the log where units go to offers',
    'consumer/buying/buy-routes.test.ts',
    remove('refuseOrder', 'if (stock.offersOnly) return $1;'),
  ),
  tested(
    'line-of-a-stock-with-units',
    'a line opens only when the stock is sold out',
    OPEN,
    edit('open', 'sale < count', 'false'),
  ),
  tested(
    'line-outside-the-window',
    'a line opens only in the window of the sale',
    OPEN,
    edit('open', "refusal === 'NOT_OPEN'", 'false'),
    edit('open', "refusal === 'CLOSED'", 'false'),
  ),
  tested(
    'line-without-its-window',
    'who joins within LINE_WINDOW of the first joiner is drawn with him',
    OPEN,
    edit('open', 'readAtMs + lineWindowMs', 'readAtMs'),
  ),
  tested(
    'line-of-a-resting-stock',
    'no line opens while the units of a stock rest',
    OPEN,
    editSql('open', 'WHERE id = ? AND resting IS NULL', 'WHERE id = ?'),
  ),
  tested(
    'line-without-the-lock',
    'concurrent joiners open one line: each has locked the stock',
    OPEN,
    edit('open', 'readStocks($1, [sid], true)', 'readStocks($1, [sid])'),
  ),
  tested(
    'placer-without-the-lock',
    'an offer is made under the lock of its stock',
    MAKE,
    remove('offerUnits', 'if (!(await lockStock($1, sid))) return $2;'),
  ),
  simulated(
    'offer-to-an-entry-that-left',
    'an entry that left gets no offer',
    editSql('lockNextEntries', "place > ? AND state = 'waiting'", "place > ? AND state <> 'offered'"),
    editSql('markOffered', "WHERE e.state = 'waiting'", 'WHERE TRUE'),
  ),
  tested(
    'offer-beside-an-active-order',
    'a buyer who has an active order of the stock gets no offer',
    MAKE,
    edit('divide', 'entries.filter(({ buyer }) => !holders.has(buyer))', 'entries'),
    edit('divide', 'entries.filter(({ buyer }) => holders.has(buyer))', '[]'),
  ),
  tested(
    'offer-outside-the-window',
    'an offer is made only while the sale is open and not paused, read under the lock',
    MAKE,
    edit('offerUnits', 'findWindowRefusal(stock, stock.readAtMs) === null', 'true'),
  ),
  tested(
    'offers-read-past-sales',
    'the look for stocks with offers to make reads none of past sales',
    MAKE,
    editSql('findStocksDue', 's.closes_at > NOW(3) - INTERVAL 1 DAY', 'TRUE'),
  ),
  simulated(
    'line-ends-too-early',
    'a line ends when no entry waits',
    edit('offerUnits', 'offeredPlace >= draw.lastPlace', 'offeredPlace > draw.offeredPlace'),
  ),
  tested(
    'line-never-ends',
    'where no entry waits, the units of a rush are sold as before',
    MAKE,
    edit('offerUnits', 'const offersOnly = lineEnded ? 0 : 1;', 'const offersOnly = 1;'),
  ),
  tested(
    'draw-ends-as-a-line',
    'a draw goes on refusing other orders when all entries had their turn',
    MAKE,
    edit('offerUnits', "stock.mode === 'rush' && offeredPlace >= draw.lastPlace", 'offeredPlace >= draw.lastPlace'),
  ),
  ...auditedRules('checkEntries', {
    'an entry that was passed over': `o.state = 'waiting' AND o.place <= o.offered_place`,
    'an offer before its turn': `o.state = 'offered' AND (o.place IS NULL`,
    'an offer without its order': `o.state = 'offered' AND o.order_sid IS NULL`,
    'an offer with an order of another buyer': `o.state = 'offered' AND NOT (o.order_sid`,
    'an offer with a refused order': `o.state = 'offered' AND (o.decided_by`,
    'an order of an entry without an offer': `o.state <> 'offered' AND o.offer IS NOT NULL`,
  }),
  ...auditedRules('checkOrders', {
    'an order that no entry names': `o.decided_by = 'offer' AND`,
    'a confirmed order without an offer': `o.decided_by <> 'offer' AND o.state IN`,
  }),
  tested(
    'audit-without-idle-units',
    'the audit sees a unit that is free while an entry waits for it',
    AUDIT,
    edit('checkIdle', 'checked(NAME, false, detail)', 'checked(NAME, true, detail)'),
  ),
  tested(
    'audit-of-one-look',
    'a unit that is offered between two looks of the audit is not idle',
    AUDIT,
    edit('checkIdle', 'next.offeredPlace !== first.offeredPlace', 'false'),
  ),
  tested(
    'audit-of-a-closed-sale',
    'free units are not idle while no offer may go out',
    AUDIT,
    editSql('findIdle', 's.closes_at > NOW(3)', 'TRUE'),
  ),
];
