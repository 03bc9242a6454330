import t from 'tap';
import { fakeClock } from '../ci/testing/fake-clock.ts';
import { type BuyDependencies, type BuyRequest, buyUnit } from './buy-unit.ts';
import type { OrderToPlace, PlacedBy } from './place-order.ts';
import { createDecisionWaiters } from './wait-for-decisions.ts';

const request: BuyRequest = {
  ...{ orderNo: '1-a', sid: 1, buyer: 'ann', mintedAtMs: 0, repeat: false, async: false, fresh: null },
};

/** Providers that give these answers in turn; an error is an answer that was lost. */
function setUp(answers: (Pick<PlacedBy, 'placement'> | Error)[]) {
  const sent: OrderToPlace[] = [];
  const dependencies: BuyDependencies = {
    clock: fakeClock(),
    waitMs: 2000,
    async placeOrder(order) {
      sent.push(order);
      const answer = answers[sent.length - 1];
      if (!answer || answer instanceof Error) throw answer ?? new Error('not expected');
      return answer as PlacedBy;
    },
    readDecision: async () => null,
    findLiveDecision: async () => null,
    waiters: createDecisionWaiters(10),
    undecided: { keep: () => undefined, forget: () => undefined, isKept: () => false },
  };
  return { dependencies, sent };
}

t.test('an order whose answer was lost is sent once more, as a repeat: it may be on the log', async (t) => {
  const { dependencies, sent } = setUp([new Error('lost'), { placement: 'UNAVAILABLE' }]);
  t.same(await buyUnit(dependencies, request), { kind: 'unavailable' });
  t.same(
    sent.map(({ orderNo, repeat }) => [orderNo, repeat]),
    [
      ['1-a', false],
      ['1-a', true],
    ],
  );
});

t.test('what refuses the second sending says nothing of the first', async (t) => {
  for (const placement of ['REFUSED_SOLD_OUT', 'REFUSED_CLOSED', 'REFUSED_BUSY'] as const) {
    const { dependencies } = setUp([new Error('lost'), { placement }]);
    t.same(await buyUnit(dependencies, request), { kind: 'unavailable' }, placement);
  }
  const { dependencies, sent } = setUp([{ placement: 'REFUSED_SOLD_OUT' }]);
  t.same(await buyUnit(dependencies, request), { kind: 'sold_out' }, 'of the first it is the answer');
  t.equal(sent.length, 1);
});
