import { edit, editSql, type Mutant, remove, tested } from './mutant.ts';

/** Bugs that the simulation cannot catch, or only by luck: each has a test. */
export const testedMutants: Mutant[] = [
  tested(
    'resent-not-as-repeat',
    'an order sent again after a lost answer is sent as a repeat',
    'consumer/orders/buy-unit.test.ts',
    edit('sendOrder', 'placeOrder({ ...$1, repeat: true })', 'placeOrder($1)'),
  ),
  tested(
    'price-limit-lost-before-fastify',
    'an order that is answered in front of Fastify keeps its price limit',
    'consumer/buying/buy-directly.test.ts',
    edit('buyDirectly', 'buy({ sid, caller, headers, maxPrice }, $1)', 'buy({ sid, caller, headers }, $1)'),
  ),
  tested(
    'insert-ignore',
    // The version check comes first, so only a row that was inserted without a change of version gets this far.
    'a duplicate key rolls back and decides again (INSERT IGNORE)',
    'db/orders/decide-orders.test.ts',
    editSql('insertOrders', 'INSERT INTO stock_order', 'INSERT IGNORE INTO stock_order'),
  ),
  tested(
    'cached-text-with-newer-time',
    'the remaining time of a cached read is read before its text',
    'db/stocks/stock-cache.test.ts',
    edit(
      'createStockCache',
      'const [leftBeforeMs, text, leftAfterMs] = await $1;',
      'const [, text, leftAfterMs, leftBeforeMs = leftAfterMs] = await $1;',
    ),
  ),
  tested(
    'stamp-of-the-future',
    'an order is judged by no later time than that of its decision',
    'db/orders/decide-batch.test.ts',
    edit('decideBatch', 'Math.min($1 ?? $2, $2)', '$1 ?? $2'),
  ),
  tested(
    'closed-repeat-is-refused',
    'a repeat that meets a closed sale is decided by the log: its first sending may have been in time',
    'consumer/orders/buy-unit.test.ts',
    edit('DECIDED_BY_LOG', "['SOLD_OUT', 'TOO_FEW_LEFT', 'CLOSED']", "['SOLD_OUT', 'TOO_FEW_LEFT']"),
  ),
  tested(
    'cache-passers-win-returned-units',
    'an order that passes nginx’s cache wins no unit while nginx answers "sold out" to all others',
    'consumer/orders/buy-unit.test.ts',
    edit('buyUnit', 'refusal || refusedAllLately', 'refusal'),
  ),
  tested(
    'cache-passers-win-units-of-an-ended-line',
    'an order that passes nginx’s cache wins no unit while nginx answers "units go to offers" to all others',
    'consumer/buying/buy-routes.test.ts',
    edit('noteRefusal', 'stock.sale >= stock.count || stock.offersOnly', 'stock.sale >= stock.count'),
  ),
  tested(
    'cooldown-hides-known-orders',
    'a buyer who is kept out still gets the answer of an order that is known',
    'consumer/orders/buy-unit.test.ts',
    edit(
      'buyUnit',
      "(await findKnownAnswer(dependencies, request, untilMs)) ?? { kind: 'cooling', leftMs: request.coolingMs }",
      "{ kind: 'cooling', leftMs: request.coolingMs }",
    ),
  ),
  tested(
    'admission-hides-known-orders',
    'a repeat without an admission token still gets the answer of an order that is known',
    'consumer/orders/buy-unit.test.ts',
    edit(
      'buyUnit',
      "(await findKnownAnswer(dependencies, request, untilMs)) ?? { kind: 'barred' }",
      "{ kind: 'barred' }",
    ),
  ),
  tested(
    'barred-order-is-sent',
    'an order without an admission token that claims to be a repeat gets no unit',
    'consumer/orders/buy-unit.test.ts',
    edit('buyUnit', 'request.isBarred', 'false'),
  ),
  tested(
    'risk-hides-known-orders',
    'a repeat that the risk service denies still gets the answer of an order that is known',
    'consumer/admission/risk-check.test.ts',
    edit('buy', 'order.isBarred ||= denied !== null;', 'if (denied) throw denied;'),
  ),
  tested(
    'risk-without-effect',
    'an order that the risk service denies gets no unit',
    'consumer/admission/risk-check.test.ts',
    edit('buy', 'order.isBarred ||= denied !== null;', ''),
  ),
  tested(
    'admission-of-any-opening',
    'an admission token is valid for one opening only',
    'consumer/admission/admission-token.test.ts',
    edit('isAdmission', 'Number($1) !== opensAtMs', 'false'),
  ),
  tested(
    'cancelled-not-kept-out',
    'a buyer whose order was cancelled is kept out before the cancel is answered',
    'consumer/buying/cooldown.test.ts',
    edit(
      'createPaymentCalls',
      "buyer !== null && change.outcome === 'CHANGED' ? startCooldown?.(change.order.sid, [buyer]) : undefined",
      'undefined',
    ),
  ),
  tested(
    'outcomes-of-another-partition',
    // Each outcome carries its order number, so the wrong consumer is notified and the right one polls.
    'each partition of a transaction gets the outcomes of its own orders',
    'order-worker/batch-decider.test.ts',
    edit('share', 'next += $1.length', 'next += 0'),
  ),
  tested(
    'no-lock-after-a-lost-race',
    'after a lost race the stock rows are locked',
    'db/orders/decide-orders.test.ts',
    edit('decideOrders', 'lostRaces > 0', 'false'),
  ),
  tested(
    'refusals-purged-early',
    'rows are kept longer than the log keeps records',
    'db/orders/purge-refusals.test.ts',
    edit('MIN_KEPT_DAYS', 'ORDER_RETENTION_DAYS + 1', 'ORDER_RETENTION_DAYS - 1'),
  ),
  tested(
    'expiry-waits-for-payments',
    'expiry skips an order that a payment has locked',
    'db/orders/expire-orders.test.ts',
    editSql('expireBatch', 'SKIP LOCKED', ''),
  ),
  tested(
    'payment-amounts-mixed',
    'payments that share a transaction keep their own amounts',
    'provider/payments/payment-batches.test.ts',
    edit(
      'startPayments',
      '{ amountCents: amountDue(order), currency }',
      '{ amountCents: amountDue(locked[0] ?? order), currency }',
    ),
  ),
  tested(
    'payments-fail-together',
    'a payment that fails takes no other with it',
    'provider/payments/payment-batches.test.ts',
    edit('batch', 'return items.map(() => null);', 'throw error;'),
  ),
  tested(
    'payment-commit-believed-lost',
    'after an unknown COMMIT the recorded events are read, and answered with their outcomes',
    'provider/payments/payment-batches.test.ts',
    edit('recordPayments', 'await readEventOutcomes($1, $2)', 'new Map()'),
  ),
  tested(
    'payments-wait-for-locks-together',
    'a payment whose order is locked by another transaction holds up no other',
    'provider/payments/payment-batches.test.ts',
    edit('createPaymentBatches', "recordPayments($1, $2, 'skip')", "recordPayments($1, $2, 'wait')"),
  ),
  tested(
    'payment-answers-mixed',
    'each payment of a shared call gets its own answer',
    'consumer/payments/payment-calls.test.ts',
    edit('sendTogether', 'results[i]', 'results[0]'),
  ),
  tested(
    'payments-of-a-call-fail-together',
    'a payment that fails does not fail its call',
    'provider/rpc/orders/payment-calls.test.ts',
    edit('answerItems', 'return { fault: { code, details, reason } };', 'throw error;'),
  ),
  tested(
    'payments-on-the-pool-of-the-sale',
    'payments have connections of their own',
    'provider/rpc/orders/payment-calls.test.ts',
    edit('connectServers', '{ mysql: paymentMysql, statementMs, onStatement }', '{ mysql, statementMs, onStatement }'),
  ),
  tested(
    'payments-of-other-buyers',
    'a buyer reads own payments only',
    'consumer/payments/payment-read-routes.test.ts',
    edit('paymentReadRoutes', 'order.buyer !== request.identity.buyer', 'false'),
  ),
  tested(
    'one-breaker-for-all',
    // Orders of the other partitions are still decided, but out of the log's sequence.
    'each partition has its own append breaker',
    'provider/orders/order-appender.test.ts',
    edit('breakerOf', 'breakers.get(partition)', 'breakers.get(-1)'),
    edit('breakerOf', 'breakers.set(partition, $1)', 'breakers.set(-1, $1)'),
  ),
  tested(
    'breaker-closed-under-orders',
    'a breaker that orders ask is closed by an append only',
    'provider/orders/log-probe.test.ts',
    edit('createCircuitBreaker', 'clock.nowMs() - askedAtMs < idleMs', 'false'),
  ),
  tested(
    'index-not-in-the-sequence',
    'the audit compares the places of orders inside a record',
    'db/audit/audit-promises.test.ts',
    editSql('checkFirstCome', 'log_offset, log_index', 'log_offset'),
  ),
  tested(
    'index-not-in-the-replay',
    'a row is compared with the place of its order inside the record',
    'proto/messages/log-place.test.ts',
    edit('isSamePlace', 'row.logIndex === index', 'row.logIndex >= 0'),
  ),
  tested(
    'half-a-record-is-enough',
    'an offset is committed only behind all orders of its record',
    'order-worker/decide-records.test.ts',
    edit('decodeRecords', 'pending.push($1)', 'pending.length < maxOrders && pending.push($1)'),
  ),
  tested(
    'one-invalid-order-for-all',
    'an invalid order does not drop the other orders of its record',
    'order-worker/decide-records.test.ts',
    edit(
      'decodeCompact',
      "return { kind: 'orders', orders };",
      `const first = orders.find((order) => 'invalid' in order);
       return first && 'invalid' in first ? { kind: 'invalid', reason: first.invalid } : { kind: 'orders', orders };`,
    ),
  ),
  tested(
    'places-not-signed',
    'the signature covers the places of the orders',
    'proto/messages/order-record.test.ts',
    edit('macOf', '$1.update(payload)', '$1.update(payload.toSorted())'),
  ),
  tested(
    'stuck-partition-holds-all',
    // Nothing is wrong but the duration.
    'a slow partition delays no other',
    'proto/kafka/partition-isolation.test.ts',
    edit('runBatch', 'chunks === before', 'chunks < before'),
  ),
  tested(
    'key-does-not-stop-a-change',
    'a change whose key another transaction has claimed is not made',
    'db/mysql/change-once.test.ts',
    remove('keepAnswers', 'if (kept) return transaction.rollBack(kept.answer);'),
  ),
  tested(
    'key-of-any-request',
    'a key belongs to one request',
    'db/mysql/change-once.test.ts',
    edit('readAnswer', 'row.digest !== request.digest', 'false'),
  ),
  tested(
    'version-not-compared',
    'a change that names another version is not made',
    'consumer/admin/if-match.test.ts',
    edit('updateStock', 'held.version !== expectedVersion', 'held.version < expectedVersion'),
  ),
];
