import { edit, type Mutant, simulated } from './mutant.ts';
import { termsMutants } from './terms-mutants.ts';
import { testedMutants } from './tested-mutants.ts';

const TAKE_UNITS = 'UPDATE stock SET sale = sale + ?, version = version + 1 WHERE id = ? AND version = ?';
const END_TRANSACTION = "await session.change(result === ROLL_BACK ? 'ROLLBACK' : 'COMMIT');";

export const mutants: Mutant[] = [
  simulated(
    'no-version-check',
    'the version check',
    edit('db/stocks/stock-table.ts', TAKE_UNITS, TAKE_UNITS.replace('version = ?', 'version >= ?')),
  ),
  simulated(
    'no-version-check-for-none',
    'the version check for a batch that takes no unit',
    edit(
      'db/orders/decide-orders.ts',
      'if (!(await transaction.takeUnits(sid, version, taken))) return null;',
      'if (taken > 0 && !(await transaction.takeUnits(sid, version, taken))) return null;',
    ),
  ),
  simulated(
    'cached-late',
    'a read is cached only while its loader is the one that loads',
    edit(
      'db/stocks/stock-cache.ts',
      'return (await soon(redis.putLoaded(redis.names.stock(sid), redis.names.stockLoading(sid), ...values))) === 1;',
      "return (await soon(redis.set(redis.names.stock(sid), values[1] ?? '', { expiration: { type: 'PX', value: freshForMs } }))) === 'OK';",
    ),
  ),
  simulated(
    'refusals-not-stored',
    'rows for sold-out and duplicate decisions',
    edit(
      'db/orders/decide-orders.ts',
      'await transaction.insertOrders(fresh.map(',
      "await transaction.insertOrders(fresh.filter((one) => one.decided.decision === 'CONFIRMED').map(",
    ),
  ),
  simulated(
    'insert-ignore-in-place-of-the-look',
    'known numbers are read, and not left to INSERT IGNORE',
    edit('db/orders/order-table.ts', 'INSERT INTO stock_order', 'INSERT IGNORE INTO stock_order'),
    edit(
      'db/orders/decide-orders.ts',
      'const known = await transaction.readKnown(',
      'const known = await (async (_: string[]) => [])(',
    ),
  ),
  simulated(
    'known-numbers-not-read',
    'the look at known order numbers before a direct decision',
    edit(
      'db/orders/decide-orders.ts',
      'const known = await transaction.readKnown(',
      "const known = options.decidedBy === 'direct' ? [] : await transaction.readKnown(",
    ),
  ),
  simulated(
    'live-orders-not-read',
    "the look at the buyer's live order",
    edit(
      'db/orders/decide-orders.ts',
      '!isLadderOrder(order) && !knownNos.has(order.orderNo)',
      'isLadderOrder(order) && !knownNos.has(order.orderNo)',
    ),
  ),
  simulated(
    'told-before-commit',
    'telling only after COMMIT',
    edit(
      'db/mysql/use-session.ts',
      END_TRANSACTION,
      END_TRANSACTION.replace('await', 'void').replace(');', ').catch(() => undefined);'),
    ),
  ),
  simulated(
    'unknown-commit-believed',
    'an unknown COMMIT is run again',
    edit('db/mysql/use-session.ts', END_TRANSACTION, END_TRANSACTION.replace(');', ').catch(() => undefined);')),
  ),
  simulated(
    'release-in-place-of-destroy',
    'a connection whose statement failed is destroyed',
    edit('db/mysql/use-session.ts', '    raw.destroy();\n    throw', '    throw'),
  ),
  simulated(
    'offset-before-commit',
    'the offset is committed only after the work',
    edit(
      'proto/kafka/work-through-batch.ts',
      '    try {\n      const done = await handle',
      '    await commit((chunk.at(-1)?.offset ?? 0n) + 1n).catch(() => undefined);\n    try {\n      const done = await handle',
    ),
    edit(
      'proto/kafka/work-through-batch.ts',
      '      throw error;\n',
      '      return resolve(chunk.at(-1)?.offset ?? 0n);\n',
    ),
  ),
  simulated(
    'sold-out-for-ever',
    'a sold-out stock is read anew after a second',
    edit(
      'consumer/stocks/stock-reader.ts',
      'freshForMs: Math.min(message.freshForMs, STOCK_FRESH_MS)',
      'freshForMs: message.sale >= message.count ? 1e9 : message.freshForMs',
    ),
  ),
  simulated(
    'age-from-the-end',
    "a stock read's age is counted from the start of the database read",
    edit(
      'db/stocks/stock-cache.ts',
      'Math.floor(STOCK_FRESH_MS - (clock.nowMs() - startedMs))',
      'STOCK_FRESH_MS + 0 * startedMs',
    ),
    edit(
      'proto/process/keep-fresh.ts',
      'const untilMs = startedMs + freshForMs;',
      'const untilMs = Math.max(startedMs, clock.nowMs()) + freshForMs;',
    ),
  ),
  simulated(
    'repeat-takes-the-short-cut',
    'a repeat takes no sold-out short cut',
    edit('provider/orders/place-orders.ts', 'return repeat || takesNoUnit === true;', 'return takesNoUnit === true;'),
    edit(
      'provider/orders/place-orders.ts',
      'if (order.promised) return',
      'if (order.promised && !order.repeat) return',
    ),
  ),
  simulated(
    'refusal-of-the-second-counts-for-both',
    'what refuses the second sending is no answer for the first',
    edit(
      'consumer/orders/buy-unit.ts',
      "if (!first && placed?.placement.startsWith('REFUSED_')) return",
      'if (!first && !placed) return',
    ),
    edit('provider/orders/place-orders.ts', 'return repeat || takesNoUnit === true;', 'return repeat === undefined;'),
  ),
  simulated(
    'expiry-returns-what-it-found',
    'expiry returns as many units as rows it changed',
    edit(
      'db/orders/expire-orders.ts',
      "WHERE order_no IN (?) AND state = 'awaiting_payment' AND pay_by <= NOW(3) FOR UPDATE SKIP LOCKED",
      'WHERE order_no IN (?)',
    ),
    edit('db/orders/return-units.ts', 'assert.equal(changed, orders.length);', ''),
    edit('db/orders/return-units.ts', "WHERE id = ?', [changed, sid]", "WHERE id = ?', [orders.length, sid]"),
  ),
  simulated(
    'return-moves-no-version',
    'whatever returns units moves the version first',
    edit(
      'db/orders/return-units.ts',
      'UPDATE stock SET version = version + 1 WHERE id = ?',
      'UPDATE stock SET version = version WHERE id = ?',
    ),
  ),
  simulated(
    'payment-locks-nothing',
    'a payment locks its order',
    edit(
      'db/payments/record-payment.ts',
      'readOrders(session, [event.orderNo], true)',
      'readOrders(session, [event.orderNo], false)',
    ),
    edit('db/payments/record-payment.ts', "WHERE order_no = ? AND state = 'awaiting_payment'", 'WHERE order_no = ?'),
  ),
  simulated(
    'poll-appends-nothing',
    'a poll appends again',
    edit(
      'consumer/orders/order-client.ts',
      'if (undecided.isKept(orderNo)) return true;',
      'if (!undecided.isKept(orderNo)) return true;',
    ),
  ),
  simulated(
    'consumer-appends-nothing',
    'the consumer itself appends again what stays undecided',
    edit(
      'consumer/orders/pending-orders.ts',
      'const resent = await placeAgain(entry);',
      'const resent = { refused: !placeAgain, decided: null };',
    ),
  ),
  simulated(
    'late-orders-not-kept',
    'a 202 is kept until it is decided',
    edit('consumer/orders/buy-unit.ts', 'dependencies.undecided.keep(order);\n      return', 'return'),
  ),
  simulated(
    'append-failure-is-an-answer',
    'an append of unknown outcome is decided directly with the same number',
    edit(
      'provider/orders/place-orders.ts',
      'decide(decideDirectly, order)',
      "Promise.resolve({ placement: 'REFUSED_SOLD_OUT' as const })",
    ),
  ),
  simulated(
    'fallback-with-a-new-number',
    'the fallback decides with the same number',
    edit(
      'provider/orders/place-orders.ts',
      'decideDirectly({ ...order, partition',
      "decideDirectly({ ...order, orderNo: order.orderNo.concat('Z'), partition",
    ),
  ),
  simulated(
    'failed-batch-passed-over',
    'a batch that failed is worked on again',
    edit('db/orders/decide-orders.ts', "if (kind === 'data' ||", 'if (tries >= 2 ||'),
  ),
  simulated(
    'one-unit-too-many',
    'no more units than there are',
    edit('db/orders/decide-batch.ts', 'unitsLeft <= 0 || wish.takesNoUnit', 'unitsLeft < 0 || wish.takesNoUnit'),
    edit('db/stocks/stock-table.ts', ' AND sale + ? <= count', ' AND sale <= count + ?'),
  ),
  simulated(
    'last-come-first-served',
    "the log's sequence decides",
    edit(
      'order-worker/decide-records.ts',
      'for (const entry of entries) {',
      'for (const entry of entries.toReversed()) {',
    ),
  ),
  simulated(
    'no-answer-in-time-is-a-decision',
    'no answer in time is a 202, and no decision',
    edit('consumer/orders/buy-unit.ts', 'if (!decided || decided === TOO_LATE)', 'if (!decided)'),
  ),
  ...termsMutants,
  ...testedMutants,
];
