import { drawMutants } from './rules/draw-mutants.ts';
import { eventMutants, webhookMutants } from './rules/event-mutants.ts';
import { gatewayMutants } from './rules/gateway-mutants.ts';
import { edit, editSql, type Mutant, remove, simulated } from './rules/mutant.ts';
import { offersMutants } from './rules/offers-mutants.ts';
import { oneCallMutants } from './rules/one-call-mutants.ts';
import { quantityMutants } from './rules/quantity-mutants.ts';
import { sessionMutants } from './rules/session-mutants.ts';
import { termsMutants } from './rules/terms-mutants.ts';
import { testedMutants } from './rules/tested-mutants.ts';

export const mutantList: Mutant[] = [
  simulated(
    'no-version-check',
    'the version check',
    editSql('takeUnits', 'AND version = ?', 'AND version >= ?'),
    editSql('takeUnitsOfStocks', 's.version = taken.version', 's.version >= taken.version'),
  ),
  simulated(
    'no-version-check-for-none',
    'the version check for a batch that takes no unit',
    edit(
      'decideOnce',
      'takeUnitsOfStocks($1, toTake)',
      'takeUnitsOfStocks($1, toTake.filter((stock) => stock.units > 0))',
    ),
  ),
  simulated(
    'cached-late',
    'only the current loader of a stock writes its read to the cache',
    edit(
      'createStockCache',
      '(await soon(redis.putLoaded($1, $2, ...values))) === 1',
      "(await soon(redis.set($1, values[1] ?? '', { expiration: { type: 'PX', value: freshForMs } }))) === 'OK'",
    ),
  ),
  simulated(
    'refusals-not-stored',
    'rows for sold-out and duplicate decisions',
    edit(
      'decideOnce',
      'insertOrders($1, $2.map($3))',
      "insertOrders($1, $2.filter((order) => order.decided.decision === 'CONFIRMED').map($3))",
    ),
  ),
  simulated(
    'insert-ignore-without-read',
    'known order numbers are read, not left to INSERT IGNORE',
    editSql('insertOrders', 'INSERT INTO stock_order', 'INSERT IGNORE INTO stock_order'),
    edit('decideOnce', 'await readKnownOrders($1, $2)', '[]'),
  ),
  simulated(
    'known-numbers-not-read',
    'known order numbers are read before a direct decision',
    edit(
      'decideOnce',
      'await readKnownOrders($1, $2)',
      "options.decidedBy === 'direct' ? [] : await readKnownOrders($1, $2)",
    ),
  ),
  simulated(
    'active-orders-not-read',
    "the buyer's active order is read",
    edit('decideOnce', '!isLadderOrder($1) && !$2.has($3)', 'isLadderOrder($1) && !$2.has($3)'),
  ),
  simulated(
    'published-before-commit',
    'decisions are published only after COMMIT',
    edit(
      'useTransaction',
      "await $1.change($2 ? 'ROLLBACK' : 'COMMIT')",
      "void $1.change($2 ? 'ROLLBACK' : 'COMMIT').catch(() => undefined)",
    ),
  ),
  simulated(
    'unknown-commit-believed',
    'a transaction with an unknown COMMIT runs again',
    edit(
      'useTransaction',
      "await $1.change($2 ? 'ROLLBACK' : 'COMMIT')",
      "await $1.change($2 ? 'ROLLBACK' : 'COMMIT').catch(() => undefined)",
    ),
  ),
  simulated(
    'connection-not-destroyed',
    'a connection whose statement failed is destroyed',
    remove('useSession', '$1.destroy();'),
  ),
  simulated(
    'offset-before-commit',
    'an offset is committed only after its records are decided',
    edit(
      'workThroughBatch',
      'const done = await handle($1, $2, $3, $4);',
      `await commit((chunk.at(-1)?.offset ?? 0n) + 1n).catch(() => undefined);
       const done = await handle($1, $2, $3, $4);`,
    ),
    edit('workThroughBatch', 'throw error;', 'return resolve(chunk.at(-1)?.offset ?? 0n);'),
  ),
  simulated(
    'sold-out-for-ever',
    'a sold-out stock is read again after a second',
    edit('createStockReader', 'Math.min($1.freshForMs, STOCK_FRESH_MS)', '$1.sale >= $1.count ? 1e9 : $1.freshForMs'),
  ),
  simulated(
    'age-from-the-end',
    'the age of a stock read counts from the start of the database read',
    edit('loadStock', 'Math.floor(STOCK_FRESH_MS - $1)', 'STOCK_FRESH_MS'),
    edit('createFreshCache', 'startedMs + freshForMs', 'Math.max(startedMs, clock.nowMs()) + freshForMs'),
  ),
  simulated(
    'filter-refuses-repeats',
    'the sold-out filter lets repeats pass',
    edit('passesFilter', 'repeat || takesNoUnit === true', 'takesNoUnit === true'),
    edit('refuse', 'order.promised', 'order.promised && !order.repeat'),
  ),
  simulated(
    'second-refusal-counts-for-both',
    'a refusal of the second sending is no answer for the first',
    edit('sendOrder', "!first && placed?.placement.startsWith('REFUSED_')", '!first && !placed'),
    edit('passesFilter', 'repeat || takesNoUnit === true', 'repeat === undefined'),
  ),
  simulated(
    'expiry-returns-what-it-found',
    'expiry returns as many units as rows it changed',
    editSql('expireBatch', "AND state = 'awaiting_payment' AND pay_by <= NOW(3) FOR UPDATE SKIP LOCKED", ''),
    remove('returnUnits', 'assert.equal($1, $2.length);'),
  ),
  simulated(
    'return-moves-no-version',
    'a transaction that returns units changes the version first',
    editSql('lockStock', 'version = version + 1', 'version = version'),
  ),
  simulated(
    'payment-locks-nothing',
    'a payment locks its order',
    edit('lockOrders', "$1 ? 'FOR UPDATE SKIP LOCKED' : 'FOR UPDATE'", "''"),
    editSql('markOrdersPaid', "AND state = 'awaiting_payment'", ''),
  ),
  simulated(
    'payment-started-twice',
    'an order has one started payment, also after an unknown COMMIT',
    remove('startPayments', 'if ($1) return $1;'),
  ),
  simulated(
    'poll-appends-nothing',
    'a poll appends its order again',
    edit('sendPolledOrder', 'if ($1.isKept($2)) return true;', 'if (!$1.isKept($2)) return true;'),
  ),
  simulated(
    'consumer-appends-nothing',
    'the consumer appends its pending orders again',
    edit('startPendingOrders', 'await resend($1)', "{ state: 'PENDING' } as Awaited<ReturnType<typeof resend>>"),
  ),
  simulated(
    'pending-orders-not-kept',
    'an order answered with 202 is kept until it is decided',
    remove('sendJoined', '$1.keep($2);'),
  ),
  simulated(
    'refused-after-sending',
    'an order is refused before it is sent, or not at all',
    edit(
      'buyUnit',
      'if ($1.admission.isOverloaded($2.sid)) return turnAway($1, $2, $3);',
      `if (dependencies.admission.isOverloaded(request.sid)) {
         void sendAndWait(dependencies, request, untilMs, { takesNoUnit: false });
         return BUSY;
       }`,
    ),
  ),
  simulated(
    'append-failure-is-an-answer',
    'after an append of unknown outcome the provider decides with the same number',
    edit('placeOrders', 'decide(placer, $1)', "Promise.resolve(refusedAs({ refused: 'SOLD_OUT' }))"),
  ),
  simulated(
    'fallback-with-a-new-number',
    'a direct decision keeps the order number',
    edit(
      'decide',
      'decideDirectly(decider, { ...$1, $2: null, $3: null })',
      "decideDirectly(decider, { ...$1, orderNo: $1.orderNo.concat('Z'), $2: null, $3: null })",
    ),
  ),
  simulated(
    'failed-batch-skipped',
    'a batch that failed is decided again',
    edit('decideOrders', "$1 === 'data' || $2", 'tries >= 2 || $2'),
  ),
  simulated(
    'one-unit-too-many',
    'no more units are sold than the stock has',
    edit('decideUnit', 'unitsLeft < quantity', 'unitsLeft < quantity - 1'),
    editSql('takeUnits', 'AND sale + ? <= count', 'AND sale <= count + ?'),
    editSql('takeUnitsOfStocks', 's.sale + taken.units <= s.count', 's.sale <= s.count + taken.units'),
  ),
  simulated(
    'last-come-first-served',
    "the log's sequence decides",
    edit('decodeRecords', 'for (const $1 of records) $2', 'for (const $1 of records.toReversed()) $2'),
  ),
  simulated(
    'last-of-a-record-first-served',
    'the orders of a record are decided in their sequence',
    edit(
      'decodeRecords',
      'for (const [index, order] of orders.entries()) $1',
      'for (const [index, order] of [...orders.entries()].toReversed()) $1',
    ),
  ),
  simulated(
    'no-answer-in-time-is-a-decision',
    'without a decision in time the answer is 202',
    edit('waitForDecision', '!$1 || $1 === TOO_LATE', '!$1'),
  ),
  ...oneCallMutants,
  ...eventMutants,
  ...webhookMutants,
  ...sessionMutants,
  ...gatewayMutants,
  ...termsMutants,
  ...quantityMutants,
  ...offersMutants,
  ...testedMutants,
  ...drawMutants,
];
