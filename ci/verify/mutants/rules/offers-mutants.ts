import { edit, editSql, type Mutant, remove, simulated, tested } from './mutant.ts';

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
    'db/offers/open-line.test.ts',
    edit('open', 'sale < count', 'false'),
  ),
];
