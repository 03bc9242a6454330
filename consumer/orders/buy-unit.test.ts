import { Metadata, status } from '@grpc/grpc-js';
import t from 'tap';
import { fakeClock } from '../../ci/testing/fake-clock.ts';
import type { Stock } from '../../db/stocks/stock-table.ts';
import type { Order } from '../../proto/gen/flashsale/v1/Order.ts';
import { type BuyDependencies, type BuyRequest, buyUnit, turnAwayEarly } from './buy-unit.ts';
import { createDecisionWaiters } from './decision-waiters.ts';
import type { OrderToPlace, PlacedBy } from './order-placer.ts';

const request: BuyRequest = {
  orderNo: '1-a',
  sid: 1,
  buyer: 'ann',
  mintedAtMs: 0,
  mayBeKnown: false,
  coolingMs: 0,
  isBarred: false,
  refusedAllLately: false,
  async: false,
  read: null,
};

/** A provider with these answers, in turn; an error is a lost answer. */
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
    lookUps: { getOrder: async () => null, findActiveOrder: async () => null },
    waiters: createDecisionWaiters(10),
    admission: { isOverloaded: () => false, turnAway: () => 7, enter: () => () => undefined, estimateMs: () => 0 },
    pending: { keep: () => undefined, forget: () => undefined, isKept: () => false },
  };
  return { dependencies, sent };
}

t.test('an order whose answer was lost is sent once more, as a repeat', async (t) => {
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

t.test('a call that fails with INTERNAL is not repeated', async (t) => {
  const fault = Object.assign(new Error('a bug'), {
    code: status.INTERNAL,
    details: 'a bug',
    metadata: new Metadata(),
  });
  const { dependencies, sent } = setUp([fault]);
  await t.rejects(buyUnit(dependencies, request), { code: status.INTERNAL });
  t.equal(sent.length, 1);
});

t.test('a refusal of the second sending is no answer for the first', async (t) => {
  for (const placement of ['REFUSED_SOLD_OUT', 'REFUSED_CLOSED', 'REFUSED_BUSY'] as const) {
    const { dependencies } = setUp([new Error('lost'), { placement }]);
    t.same(await buyUnit(dependencies, request), { kind: 'unavailable' }, placement);
  }
  const { dependencies, sent } = setUp([{ placement: 'REFUSED_SOLD_OUT' }]);
  t.same(
    await buyUnit(dependencies, request),
    { kind: 'refused', refused: 'SOLD_OUT' },
    'a refusal of the first sending is the answer',
  );
  t.equal(sent.length, 1);
});

const stock: Stock = {
  sid: 1,
  name: 'A lamp',
  count: 1,
  sale: 1,
  version: 1,
  priceCents: 1,
  currency: 'EUR',
  opensAtMs: null,
  closesAtMs: null,
  paused: false,
  hidden: false,
  maxPerOrder: 1,
  mode: 'rush',
  offersOnly: false,
  readAtMs: 0,
  kind: 'sale',
};
const soldOut = { value: stock, freshForMs: 500, heldMs: 0 };

t.test('a possible repeat that meets "sold out" takes no unit, also when it is sent again', async (t) => {
  const { dependencies, sent } = setUp([new Error('lost'), { placement: 'APPENDED' }]);
  const kept: unknown[] = [];
  dependencies.pending.keep = (order) => void kept.push(order);
  const bought = buyUnit(dependencies, { ...request, mayBeKnown: true, async: true, read: soldOut });
  t.same(await bought, { kind: 'pending' });
  t.match(sent, [{ takesNoUnit: true }, { takesNoUnit: true, repeat: true }]);
  t.match(kept, [{ orderNo: '1-a', takesNoUnit: true }]);
});

t.test('an order that bypasses nginx’s cache wins no unit while the cache says "sold out"', async (t) => {
  const open = { ...soldOut, value: { ...stock, sale: 0 } };
  const lately = { ...request, async: true, read: open, refusedAllLately: true };
  const claiming = setUp([{ placement: 'APPENDED' }]);
  t.same(await buyUnit(claiming.dependencies, { ...lately, mayBeKnown: true }), { kind: 'pending' });
  t.match(claiming.sent, [{ takesNoUnit: true }]);
  const first = setUp([{ placement: 'APPENDED' }]);
  t.same(await buyUnit(first.dependencies, lately), { kind: 'pending' });
  t.match(first.sent, [{ takesNoUnit: false }]);
});

t.test('a possible repeat that meets "closed" goes to the log, which may have taken it in time', async (t) => {
  const closed = { ...soldOut, value: { ...stock, sale: 0, closesAtMs: 1000 }, heldMs: 1000 };
  const { dependencies, sent } = setUp([{ placement: 'APPENDED' }]);
  t.same(await buyUnit(dependencies, { ...request, mayBeKnown: true, async: true, read: closed }), {
    kind: 'pending',
  });
  t.match(sent, [{ takesNoUnit: true }]);
  const paused = { ...soldOut, value: { ...stock, sale: 0, paused: true } };
  const waiting = setUp([]);
  t.same(await buyUnit(waiting.dependencies, { ...request, mayBeKnown: true, read: paused }), {
    kind: 'refused',
    refused: 'PAUSED',
  });
  t.equal(waiting.sent.length, 0, 'the same number may be sent again');
});

t.test('a buyer who is kept out still gets the answer of an order that is known', async (t) => {
  const cooling = { ...request, coolingMs: 5000, read: { ...soldOut, value: { ...stock, sale: 0 } } };
  for (const mayBeKnown of [false, true]) {
    const { dependencies, sent } = setUp([]);
    const out = { kind: 'cooling', leftMs: 5000 };
    t.same(await buyUnit(dependencies, { ...cooling, mayBeKnown }), out, 'the same number may be sent again');
    dependencies.pending.isKept = () => true;
    t.same(await buyUnit(dependencies, { ...cooling, mayBeKnown }), { kind: 'pending' });
    const row = { orderNo: '1-a', decision: 'CONFIRMED', liveOrderNo: '', state: 'cancelled' } as Order;
    dependencies.lookUps.getOrder = async () => row;
    t.match(await buyUnit(dependencies, { ...cooling, mayBeKnown }), {
      kind: 'decided',
      decided: { state: 'cancelled' },
    });
    dependencies.lookUps.getOrder = async () => null;
    dependencies.lookUps.findActiveOrder = async () => ({ ...row, orderNo: '1-b', state: 'awaiting_payment' }) as Order;
    t.match(await buyUnit(dependencies, { ...cooling, mayBeKnown }), {
      kind: 'decided',
      decided: { decision: 'DUPLICATE', liveOrderNo: '1-b' },
    });
    dependencies.lookUps.findActiveOrder = () => Promise.reject(new Error('the database does not answer'));
    t.same(await buyUnit(dependencies, { ...cooling, mayBeKnown }), { kind: 'busy' });
    t.equal(sent.length, 0);
  }
});

t.test('a buyer who is barred gets the answer of an order that is known, and sends nothing', async (t) => {
  const barred = { ...request, isBarred: true, mayBeKnown: true, read: { ...soldOut, value: { ...stock, sale: 0 } } };
  const { dependencies, sent } = setUp([]);
  t.same(await buyUnit(dependencies, barred), { kind: 'barred' });
  t.same(await buyUnit(dependencies, { ...barred, coolingMs: 5000 }), { kind: 'barred' });
  const row = { orderNo: '1-a', decision: 'CONFIRMED', liveOrderNo: '', state: 'paid' } as Order;
  dependencies.lookUps.getOrder = async () => row;
  t.match(await buyUnit(dependencies, barred), { kind: 'decided', decided: { state: 'paid' } });
  dependencies.lookUps.getOrder = () => Promise.reject(new Error('the database does not answer'));
  t.same(await buyUnit(dependencies, barred), { kind: 'busy' });
  t.equal(sent.length, 0);
});

t.test('a provider that does not know orders that take no unit is called once', async (t) => {
  const { dependencies, sent } = setUp([{ placement: 'REFUSED_SOLD_OUT' }]);
  t.same(await buyUnit(dependencies, { ...request, mayBeKnown: true, read: soldOut }), { kind: 'busy' });
  t.equal(sent.length, 1);
});

t.test('a failed look-up is answered with busy, also when the sale is closed', async (t) => {
  const { dependencies } = setUp([]);
  dependencies.lookUps.getOrder = async () => {
    throw new Error('the database does not answer');
  };
  const closed = { ...soldOut, value: { ...stock, closesAtMs: 1000 }, heldMs: 1000 };
  t.same(await buyUnit(dependencies, { ...request, mayBeKnown: true, read: closed }), { kind: 'busy' });
});

t.test('a first attempt that meets "sold out" is refused and not sent', async (t) => {
  const { dependencies, sent } = setUp([]);
  t.same(await buyUnit(dependencies, { ...request, read: soldOut }), { kind: 'refused', refused: 'SOLD_OUT' });
  t.equal(sent.length, 0);
});

t.test('without a write the answer is busy, never unavailable', async (t) => {
  const { dependencies, sent } = setUp([]);
  dependencies.lookUps.findActiveOrder = async () => {
    throw new Error('the database does not answer');
  };
  t.same(await buyUnit(dependencies, { ...request, read: soldOut }), { kind: 'busy' });
  t.equal(sent.length, 0);
});

t.test('an old read refuses by its window, not by its units', async (t) => {
  const { dependencies } = setUp([{ placement: 'REFUSED_PAUSED' }]);
  const old = { ...soldOut, freshForMs: -5000 };
  t.same(
    await buyUnit(dependencies, { ...request, read: old }),
    { kind: 'refused', refused: 'PAUSED' },
    'by the provider',
  );
  const closed = { ...old, value: { ...stock, closesAtMs: 1000 }, heldMs: 1000 };
  t.same(await buyUnit(dependencies, { ...request, read: closed }), { kind: 'refused', refused: 'CLOSED' });
});

/** Refuses everything, and records what is counted. */
function overload(dependencies: BuyDependencies) {
  const ends: boolean[] = [];
  dependencies.admission = {
    isOverloaded: () => true,
    turnAway: () => 7,
    enter: () => (isInTime) => void ends.push(isInTime),
    estimateMs: () => 0,
  };
  return ends;
}

t.test('an order that could not be decided in time is not sent', async (t) => {
  const { dependencies, sent } = setUp([]);
  const ends = overload(dependencies);
  t.same(await buyUnit(dependencies, request), { kind: 'busy', retrySeconds: 7 });
  t.same(await buyUnit(dependencies, { ...request, mayBeKnown: true }), { kind: 'busy', retrySeconds: 7 });
  t.same(await buyUnit(dependencies, { ...request, read: soldOut }), { kind: 'refused', refused: 'SOLD_OUT' });
  t.equal(sent.length, 0);
  t.same(ends, [], 'and not counted as one that waits');
});

t.test('during an overload an order that was sent before gets its answer', async (t) => {
  const decided = { orderNo: '1-a', decision: 'CONFIRMED', state: 'awaiting_payment', liveOrderNo: null } as const;
  const { dependencies, sent } = setUp([]);
  const ends = overload(dependencies);
  dependencies.lookUps.getOrder = async () => decided as never;
  const known = await buyUnit(dependencies, { ...request, mayBeKnown: true });
  t.match(known, { kind: 'decided', decided: { decision: 'CONFIRMED' } }, 'a repeat');
  t.match(await buyUnit(dependencies, request), { kind: 'busy' }, 'a first attempt is not looked up');
  dependencies.pending.isKept = () => true;
  t.same(await buyUnit(dependencies, request), { kind: 'pending' }, 'a promise');
  dependencies.waiters.join('1-a', () => undefined);
  const second = buyUnit(dependencies, request);
  dependencies.waiters.deliver(decided);
  t.match(await second, { kind: 'decided' }, 'the other half of a double click');
  t.same(ends, [true]);
  t.equal(sent.length, 0);
});

t.test('only orders that are answered in time count as decided', async (t) => {
  const { dependencies } = setUp([{ placement: 'APPENDED' }, { placement: 'APPENDED' }, { placement: 'REFUSED_BUSY' }]);
  const ends = overload(dependencies);
  dependencies.admission.isOverloaded = () => false;
  const clock = dependencies.clock as ReturnType<typeof fakeClock>;
  await buyUnit(dependencies, { ...request, async: true });
  const late = buyUnit(dependencies, request);
  await clock.advance(2000);
  t.same(await late, { kind: 'pending' });
  await buyUnit(dependencies, request);
  t.same(ends, [true, false, false]);
});

t.test('only a new order that would be sent is turned away early', async (t) => {
  const { dependencies, sent } = setUp([]);
  overload(dependencies);
  t.same(await turnAwayEarly(dependencies, request), { kind: 'busy', retrySeconds: 7 });
  t.equal(turnAwayEarly(dependencies, { ...request, mayBeKnown: true }), null, 'a repeat');
  t.equal(turnAwayEarly(dependencies, { ...request, read: soldOut }), null, 'sold out is the better answer');
  dependencies.admission.isOverloaded = () => false;
  t.equal(turnAwayEarly(dependencies, request), null);
  t.equal(sent.length, 0);
});
