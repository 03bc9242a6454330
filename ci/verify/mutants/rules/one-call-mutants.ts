import { edit, editSql, type Mutant, simulated } from './mutant.ts';

const inProcedure = (name: string, rule: string, find: string, replace: string): Mutant => {
  const edits = [editSql('CONFIRM_RUSH_ORDERS', find, replace)];
  return { name, rule, edits, caughtBy: 'order-worker/order-decider.test.ts' };
};

/** Rules of the decision in one call. */
export const oneCallMutants: Mutant[] = [
  simulated(
    'failed-call-divided',
    'a batch that cannot be confirmed in one call is decided as a whole, in its sequence',
    edit(
      'createOrderDecider',
      '(await confirm($1, $2)) ?? (await decideCarefully($1, $2))',
      `(await confirm($1, $2)) ??
        (await confirm($1.slice($1.length >> 1), $2).then(() => null)) ?? (await decideCarefully($1, $2))`,
    ),
  ),
  simulated(
    'unknown-call-believed',
    'a call without an answer is decided again',
    edit(
      'confirm',
      'slow.addAfter($1, $2);',
      `return {
        outcomes: $2.map(({ orderNo }) => ({ orderNo, decision: 'CONFIRMED', liveOrderNo: null, state: 'awaiting_payment' })),
        units: [],
        confirmed: [],
      };`,
    ),
  ),
  simulated(
    'recent-numbers-not-read',
    'of a recent number the row is read',
    edit(
      'confirmOrders',
      'await readKnownOrders($1, [...$2])',
      `[...$2].map((orderNo) => {
        const { sid, buyer } = firstOf.get(orderNo) as PendingOrder;
        return { orderNo, sid, buyer, decision: 'CONFIRMED', liveOrderNo: null, state: 'awaiting_payment' } as KnownOrder;
      })`,
    ),
  ),
  simulated(
    'polls-confirmed-in-one-call',
    'an order that takes no unit is not confirmed in one call',
    edit('isPlain', '$1 || metClosed || $2', '$2'),
  ),
  {
    name: 'other-records-decoded-ahead',
    rule: 'a batch that was decoded ahead is used for its own records only',
    edits: [edit('createRecordDecoder', 'kept && $1', 'kept')],
    caughtBy: 'order-worker/record-decoder.test.ts',
  },
  inProcedure('call-ignores-opening', 'one call sells nothing before the opening', 's.opens_at IS NULL OR', '1 = 1 OR'),
  inProcedure('call-ignores-closing', 'one call sells nothing after the end', 's.closes_at IS NULL OR', '1 = 1 OR'),
  inProcedure('call-ignores-pause', 'one call sells nothing of a paused stock', 'AND NOT s.paused', ''),
  inProcedure(
    'call-ignores-price',
    'one call sells nothing above the maximum price',
    'w.max_price = -1 OR',
    '1 = 1 OR',
  ),
  inProcedure(
    'call-moves-no-version',
    'one call changes the version',
    's.version = s.version + 1',
    's.version = s.version',
  ),
  inProcedure(
    'call-keeps-last-unit',
    'one call sells the last units',
    's.sale + w.units <= s.count',
    's.sale + w.units < s.count',
  ),
  inProcedure(
    'duplicate-commits',
    'a call with a known number changes nothing',
    'FOR 1062 ROLLBACK',
    'FOR 1062 COMMIT',
  ),
];
