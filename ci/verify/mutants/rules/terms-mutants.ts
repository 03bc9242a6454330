import { edit, editSql, type Mutant, simulated } from './mutant.ts';

/** Bugs in window, pause, price and kind of a stock, and in who may write to the log and to Redis. */
export const termsMutants: Mutant[] = [
  simulated(
    'window-not-judged',
    'window and pause are judged in the decision',
    edit('decideBatch', 'findWindowRefusal($1, $2) ?? $3', '$3'),
  ),
  simulated(
    'opening-not-judged',
    'no unit is sold before the opening',
    edit('findWindowRefusal', 'databaseMs < opensAtMs', 'databaseMs < opensAtMs - 1000'),
  ),
  simulated(
    'closing-not-judged',
    'no unit is sold to an order from after the closing',
    edit('findWindowRefusal', 'closesAtMs !== null && databaseMs >= closesAtMs', 'false'),
  ),
  simulated(
    'pause-not-judged',
    'a pause refuses queued orders too',
    edit('decideBatch', 'findWindowRefusal($1, $2)', 'findWindowRefusal({ ...$1, paused: false }, $2)'),
  ),
  simulated(
    'change-moves-no-version',
    'a change of window, pause or price changes the version',
    editSql('writeStock', 'version = version + 1', 'version = version'),
  ),
  simulated(
    'slow-read-makes-time-pass',
    'the duration of a stock read does not count as time since the read',
    edit('createFreshCache', 'nowMs - heldMs', 'startedMs - heldMs'),
  ),
  simulated(
    'time-in-the-cache-counts-twice',
    'the time in the cache is computed from the later of two expiry times',
    edit('createStockCache', 'cachedForMs - leftAfterMs', '1000 - leftAfterMs'),
  ),
  simulated(
    'highest-price-not-judged',
    'no buyer pays more than the maximum price of the order',
    edit('decideUnit', 'maxPriceCents !== null && $1 > maxPriceCents', 'false'),
  ),
  simulated(
    'poll-forgets-the-highest-price',
    'a poll of an order with a maximum price takes no unit above it',
    edit('termsOfPoll', '{ takesNoUnit: false, maxPriceCents: 0 }', '{ takesNoUnit: false }'),
  ),
  simulated(
    'free-order-awaits-payment',
    'a free order is paid at once',
    edit('firstState', "isFree ? 'paid' : $1", "isFree ? 'awaiting_payment' : $1"),
  ),
  simulated(
    'kinds-are-mixed',
    'sale orders take no ladder units, and ladder orders no sale units',
    edit('decideBatch', "isLadderOrder($1) !== ($2.kind === 'ladder')", 'false'),
    edit('refuse', "$1 && isLadderOrder($2) !== ($1.kind === 'ladder')", 'false'),
    edit('buyUnit', "$1.kind !== 'sale'", 'false'),
  ),
  simulated(
    'ladder-sells-a-sale',
    "the ladder's transactions check the stock's kind",
    edit('createOptimisticOrder', "stock?.kind !== 'ladder'", '!stock'),
  ),
  simulated(
    'claimed-repeat-takes-a-unit',
    'an order that claims to be a repeat and meets "sold out" takes no unit',
    edit('lookUpFirst', '{ takesNoUnit: true, metClosed: $1 }', '{ takesNoUnit: false }'),
  ),
  simulated(
    'unknown-outcome-is-busy',
    'an order that may be in the log gets `unavailable`, not `busy`',
    edit(
      'sendOrder',
      "if (!first && $1) return { kind: 'unavailable' };",
      "if (!first && $1) return { kind: 'busy' };",
    ),
  ),
  simulated(
    'any-signature',
    'signatures of records and decisions are verified',
    edit('verifySignedMessage', 'timingSafeEqual($1, $2)', 'true'),
  ),
  simulated(
    'unsigned-records-count',
    'a record without a signature is no order',
    edit('decodeUnsigned', 'accepted ? parseRecord($1) : null', 'parseRecord($1)'),
  ),
  simulated(
    'unsigned-decisions-count',
    'a decision without a signature is ignored',
    edit(
      'subscribeDecisions',
      "verifySignedMessage('decisions', $1, $2)",
      "verifySignedMessage('decisions', $1, $2) ?? $2",
    ),
  ),
];
