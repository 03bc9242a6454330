import { edit, type Mutant, simulated } from './mutant.ts';

const KIND_OF_WISH = "if (isLadderOrder(wish) !== (stock.kind === 'ladder')) {";
const KIND_IN_FRONT =
  "if (stock && isLadderOrder(order) !== (stock.kind === 'ladder')) return { placement: 'REFUSED_NO_SUCH_STOCK' };";

/** Breaks of what a stock sells when, for how much and to whom, and of who may write to the log and to Redis. */
export const termsMutants: Mutant[] = [
  simulated(
    'window-not-judged',
    'window and pause are judged in the decision',
    edit('db/orders/decide-batch.ts', 'findWindowRefusal(stock, judgedAtMs) ?? decideUnit(', 'decideUnit('),
  ),
  simulated(
    'opening-not-judged',
    'nothing is sold before the opening',
    edit('db/orders/sale-window.ts', 'databaseMs < opensAtMs', 'databaseMs < opensAtMs - 1000'),
  ),
  simulated(
    'closing-not-judged',
    'nothing that was asked for after the closing is sold',
    edit('db/orders/sale-window.ts', 'closesAtMs !== null && databaseMs >= closesAtMs', 'closesAtMs === -1'),
  ),
  simulated(
    'pause-not-judged',
    'a pause refuses orders that are queued too',
    edit(
      'db/orders/decide-batch.ts',
      'findWindowRefusal(stock, judgedAtMs)',
      'findWindowRefusal({ ...stock, paused: false }, judgedAtMs)',
    ),
  ),
  simulated(
    'change-moves-no-version',
    'a change of window, pause or price moves the version',
    edit('db/stocks/update-stock.ts', 'count = ?, version = version + 1,', 'count = ?, version = version,'),
  ),
  simulated(
    'slow-read-makes-time-pass',
    'the time that a stock read took is not time that passed since',
    edit('proto/process/keep-fresh.ts', 'answeredMs: nowMs - heldMs', 'answeredMs: startedMs - heldMs'),
  ),
  simulated(
    'time-in-the-cache-counts-twice',
    'how long a read was held is told from the newer of two times',
    edit('db/stocks/stock-cache.ts', 'Math.max(0, cachedForMs - leftAfterMs)', 'Math.max(0, 1000 - leftAfterMs)'),
  ),
  simulated(
    'highest-price-not-judged',
    'no buyer pays more than the highest price of the order',
    edit(
      'db/orders/decide-batch.ts',
      'maxPriceCents !== null && stock.priceCents > maxPriceCents',
      'maxPriceCents === -1',
    ),
  ),
  simulated(
    'poll-forgets-the-highest-price',
    'an order with a highest price that is known by its number alone takes no unit for more',
    edit(
      'consumer/orders/order-client.ts',
      'isCappedOrderNumber(orderNo) ? { maxPriceCents: 0 } : {}',
      '{ ...(isCappedOrderNumber(orderNo) && {}) }',
    ),
  ),
  simulated(
    'free-order-awaits-payment',
    'a free order is paid at once',
    edit(
      'db/orders/decide-batch.ts',
      "return isFree ? 'paid' : FIRST_STATE[decision];",
      "return isFree ? 'awaiting_payment' : FIRST_STATE[decision];",
    ),
  ),
  simulated(
    'kinds-are-mixed',
    'an order of a sale takes no unit of the ladder, and the other way round',
    edit('db/orders/decide-batch.ts', KIND_OF_WISH, KIND_OF_WISH.replace('if (', 'if (!wish && ')),
    edit('provider/orders/place-orders.ts', KIND_IN_FRONT, ''),
    edit('consumer/orders/buy-unit.ts', "read.value.kind !== 'sale'", '!read.value.kind'),
  ),
  simulated(
    'ladder-sells-a-sale',
    'the ladder’s own transactions look at the kind of the stock',
    edit('provider/ladder/create-optimistic-order.ts', "stock?.kind !== 'ladder'", '!stock'),
  ),
  simulated(
    'claimed-repeat-takes-a-unit',
    'an order that may have been sent before and meets "sold out" takes no unit',
    edit(
      'consumer/orders/buy-unit.ts',
      "sendAndWait(dependencies, request, untilMs, true, refused.kind === 'closed')",
      'sendAndWait(dependencies, request, untilMs, false)',
    ),
  ),
  simulated(
    'unknown-outcome-is-busy',
    'an order that may be on the log is answered `unavailable`, and not `busy`',
    edit(
      'consumer/orders/buy-unit.ts',
      "if (!first && placed?.placement.startsWith('REFUSED_')) return { kind: 'unavailable' };",
      "if (!first && placed?.placement.startsWith('REFUSED_')) return { kind: 'busy' };",
    ),
  ),
  simulated(
    'any-signature',
    'a record of the log and a decision are signed by this system',
    edit(
      'proto/messages/signed-message.ts',
      'return timingSafeEqual(mac, macOf(purpose, key.secret, payload)) ? payload : null;',
      'return macOf(purpose, key.secret, payload) ? payload : null;',
    ),
  ),
  simulated(
    'unsigned-records-count',
    'a record without a signature is no order',
    edit(
      'proto/messages/order-record.ts',
      'const record = accepted ? parseRecord(bytes) : null;',
      'const record = accepted || bytes ? parseRecord(bytes) : null;',
    ),
  ),
  simulated(
    'unsigned-decisions-count',
    'a decision without a signature is not believed',
    edit(
      'consumer/orders/subscribe-decisions.ts',
      "verifySignedMessage('decisions', keys, message);",
      "verifySignedMessage('decisions', keys, message) ?? message;",
    ),
  ),
];
