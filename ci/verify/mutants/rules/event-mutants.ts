import { edit, editSql, type Mutant, remove, simulated, tested } from './mutant.ts';

/** Rules of the events that the log publishes. */
export const eventMutants: Mutant[] = [
  simulated(
    'offset-before-its-events',
    'an offset is committed behind the events of its orders, and the mark is moved behind them',
    edit('createEventPositions', 'await flush();', 'void flush();'),
  ),
  tested(
    'repeat-publishes',
    'a record that repeats a number from another place publishes nothing',
    'db/outbox/event-marks.test.ts',
    edit('confirmedAt', '!isSamePlace($1, row)', 'false'),
  ),
  simulated(
    'known-order-not-published',
    'an order whose worker ended before it published is published when its record comes again',
    edit('confirmedAt', "row.decidedBy !== 'log'", 'true'),
  ),
  tested(
    'mark-moves-backwards',
    'a mark only moves forward',
    'db/outbox/event-marks.test.ts',
    edit('moveEventMarks', 'mark.next < next', 'mark.next !== next'),
    editSql('moveEventMarks', 'AND next_offset < ?', 'AND next_offset <> ?'),
  ),
  simulated(
    'later-event-without-confirmed',
    'before a later event of an order beyond the mark, confirmed is published',
    edit('addConfirmed', 'confirmed.filter(isUnsure)', '[]'),
  ),
  simulated(
    'unacknowledged-event-dropped',
    'an event that is not acknowledged within 2 s becomes a row',
    edit('createEventPublisher', 'return await keep(events);', 'return;'),
  ),
  simulated(
    'lost-records-not-kept',
    'orders whose records the log has lost get rows before the mark passes them',
    remove('keepPassed', 'await database.session((session) => keepOrderEvents(session, eventsOf(passed)));'),
  ),
  tested(
    'place-without-index',
    'an order at another place of a record is not the one whose event is missing',
    'order-worker/events/event-positions.test.ts',
    edit(
      'toConfirmedOrder',
      '{ event, partition: logPartition, offset: BigInt(logOffset), index, createdAtMs }',
      '{ event, partition: logPartition, offset: BigInt(logOffset), index: 0, createdAtMs }',
    ),
  ),
  tested(
    'goes-on-without-the-mark',
    'a worker that gets a partition back compares it with the mark',
    'order-worker/events/event-positions.test.ts',
    edit(
      'createEventPositions',
      'const lane = await compareWithMark(records);',
      'const lane = lanes.get(partition) ?? (await compareWithMark(records));',
    ),
  ),
  tested(
    'mark-passes-late-commits',
    'the mark passes lost records only when no transaction that decides them can still commit',
    'order-worker/events/event-positions.test.ts',
    remove('keepLate', 'if (clock.nowMs() < untilMs) return false;'),
  ),
  tested(
    'mark-moved-by-predecessor',
    'a worker whose partition was taken over moves no mark',
    'order-worker/events/event-positions.test.ts',
    edit('compareWithMark', 'takeOverMark(session, topic, mark)', 'Promise.resolve(true)'),
    edit('compareWithMark', 'life + 1', 'life'),
  ),
  tested(
    'mark-moved-by-stale-offset',
    'an offset that was handled before the partition was lost moves no mark',
    'order-worker/events/event-positions.test.ts',
    edit('createEventPositions', 'lane && next <= lane.ahead', 'lane'),
  ),
  tested(
    'new-life-not-seen',
    'a topic that was created again begins a new life of the mark',
    'order-worker/events/event-positions.test.ts',
    edit('compareWithMark', 'await hasUnknown(decided)', 'false'),
  ),
];

const SENDER = 'order-worker/webhooks/webhook-sender.test.ts';

/** Rules of the webhooks. */
export const webhookMutants: Mutant[] = [
  tested(
    'webhook-overtakes-its-order',
    'a later event of an order waits until the earlier one has ended',
    SENDER,
    edit(
      'queueDeliveries',
      'added.push({ endpointId, event, waits: $1 })',
      'added.push({ endpointId, event, waits: false })',
    ),
  ),
  tested(
    'webhook-never-woken',
    'the next event of an order is due when the one before it has ended',
    SENDER,
    remove('takeTurn', 'await wakeNext(transaction, endpointId, results);'),
  ),
  tested(
    'webhook-private-address',
    'an endpoint at a private address is not called',
    SENDER,
    remove('createWebhookClient', "if (addresses === 'public') refusePrivateHost(target);"),
  ),
  tested(
    'webhook-private-name',
    'a name that resolves to a private address is not called',
    SENDER,
    remove('lookupPublic', 'if (hidden) return fail($1);'),
  ),
  tested(
    'webhook-hurries-a-failing-endpoint',
    'an endpoint that fails gets one call at a time',
    SENDER,
    edit('claimDue', 'failures > 0 ? 1 : MAX_IN_FLIGHT', 'MAX_IN_FLIGHT'),
  ),
  tested('webhook-never-dead', 'a delivery is given up after three days', SENDER, edit('RETRY_HOURS', '72', '7200')),
  tested(
    'webhook-retry-after-ignored',
    'nothing is sent to an endpoint before its Retry-After is over',
    SENDER,
    edit('recordHealth', 'Math.max(spread($1, $2), ...asked)', 'spread($1, $2)'),
  ),
  tested(
    'webhook-claimed-twice',
    'a delivery that is being sent is not due for another worker',
    SENDER,
    editSql('claimDue', 'next_try_at = NOW(3) + INTERVAL', 'next_try_at = NOW(3) - INTERVAL'),
  ),
];
