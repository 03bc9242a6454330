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
