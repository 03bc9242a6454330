import fc from 'fast-check';
import t, { type Test } from 'tap';
import {
  type ActiveOrder,
  buyerKey,
  type DecidedOrder,
  type DecidingStock,
  decideBatch,
  isInvalidOrder,
  type KnownOrder,
  type OrderRequest,
  type Outcome,
} from './decide-batch.ts';

/** The state of the database that a committed batch leaves for the next. */
type World = { stocks: DecidingStock[]; known: KnownOrder[]; live: ActiveOrder[] };

function commit(world: World, requests: OrderRequest[]): { world: World; outcomes: Outcome[] } {
  const { outcomes, fresh, unitsTaken } = decideBatch(world.stocks, world.known, world.live, requests);
  return {
    outcomes,
    world: {
      stocks: world.stocks.map((stock) => ({ ...stock, sale: stock.sale + (unitsTaken.get(stock.sid) ?? 0) })),
      known: [...world.known, ...fresh.map(({ order, decided }) => ({ ...order, ...decided }))],
      live: [
        ...world.live,
        ...fresh.filter(({ decided }) => decided.decision === 'CONFIRMED').map(({ order }) => order),
      ],
    },
  };
}

const NOW_MS = 1_000_000;
const DAY_MS = 86_400_000;

/** An open stock, with changes of `more`. */
function stockOf(
  units: { sid: number; count: number; sale: number },
  more: Partial<DecidingStock> = {},
): DecidingStock {
  const terms = {
    kind: 'sale',
    priceCents: 1999,
    maxPerOrder: 1,
    offersOnly: false,
    opensAtMs: null,
    closesAtMs: null,
    paused: false,
  } as const;
  return { ...units, ...terms, readAtMs: NOW_MS, ...more };
}

const sids = [1, 2];
const stocksArbitrary = fc
  .tuple(
    ...sids.map((sid) => fc.record({ count: fc.nat(6), sale: fc.nat(6) }).map((units) => stockOf({ sid, ...units }))),
  )
  .map((stocks) => stocks.map((stock) => ({ ...stock, sale: Math.min(stock.sale, stock.count) })));
// Few numbers and buyers, so that repeats, second orders and conflicts are frequent.
const requestArbitrary: fc.Arbitrary<OrderRequest> = fc
  .record({ sid: fc.constantFrom(...sids), buyer: fc.constantFrom('ann', 'bob', 'Bob', 'eve', 'kim'), n: fc.nat(3) })
  .map(({ sid, buyer, n }) => ({ sid, buyer, orderNo: `${sid}-${buyer}-${n}` }));
const requestsArbitrary = fc.array(requestArbitrary, { maxLength: 40 });

function startWith(stocks: DecidingStock[]): World {
  return { stocks, known: [], live: [] };
}

function holds<Values>(t: Test, property: fc.IProperty<Values>): void {
  fc.assert(property);
  t.pass('in all generated cases');
}

const decisionOf = (outcome: Outcome) => (isInvalidOrder(outcome) ? 'invalid' : outcome.decision);

t.test('no more units are confirmed than were left', async (t) => {
  holds(
    t,
    fc.property(stocksArbitrary, requestsArbitrary, (stocks, requests) => {
      const { fresh, unitsTaken } = decideBatch(stocks, [], [], requests);
      for (const { sid, count, sale } of stocks) {
        const confirmed = fresh.filter(({ order, decided }) => order.sid === sid && decided.decision === 'CONFIRMED');
        if (confirmed.length > count - sale) return false;
        if (confirmed.length !== (unitsTaken.get(sid) ?? 0)) return false;
      }
      return true;
    }),
  );
});

t.test('no order is sold out while a unit is left', async (t) => {
  holds(
    t,
    fc.property(stocksArbitrary, requestsArbitrary, (stocks, requests) => {
      const { fresh, unitsTaken } = decideBatch(stocks, [], [], requests);
      return fresh.every(({ order, decided }) => {
        const stock = stocks.find(({ sid }) => sid === order.sid) as DecidingStock;
        return decided.decision !== 'SOLD_OUT' || stock.sale + (unitsTaken.get(order.sid) ?? 0) === stock.count;
      });
    }),
  );
});

t.test('a buyer never has two active orders of one stock', async (t) => {
  holds(
    t,
    fc.property(stocksArbitrary, fc.array(requestsArbitrary, { maxLength: 4 }), (stocks, batches) => {
      let world = startWith(stocks);
      for (const requests of batches) world = commit(world, requests).world;
      return new Set(world.live.map(buyerKey)).size === world.live.length;
    }),
  );
});

t.test('first come, first served: the first buyers of the sequence win', async (t) => {
  holds(
    t,
    fc.property(stocksArbitrary, requestsArbitrary, (stocks, requests) => {
      const { world } = commit(startWith(stocks), requests);
      return stocks.every(({ sid, count, sale }) => {
        const buyers = [...new Set(requests.filter((request) => request.sid === sid).map(({ buyer }) => buyer))];
        const winners = world.live.filter((order) => order.sid === sid).map(({ buyer }) => buyer);
        return buyers.slice(0, count - sale).join() === winners.join();
      });
    }),
  );
});

t.test('a known number keeps its decision, whatever units are left', async (t) => {
  holds(
    t,
    fc.property(stocksArbitrary, requestsArbitrary, fc.nat(5), (stocks, requests, more) => {
      const first = commit(startWith(stocks), requests);
      const restocked = first.world.stocks.map((stock) => ({ ...stock, count: stock.count + more }));
      const again = decideBatch(restocked, first.world.known, first.world.live, requests);
      return again.fresh.length === 0 && JSON.stringify(again.outcomes) === JSON.stringify(first.outcomes);
    }),
  );
});

t.test('replays of any part change nothing', async (t) => {
  holds(
    t,
    fc.property(stocksArbitrary, requestsArbitrary, fc.infiniteStream(fc.boolean()), (stocks, requests, picks) => {
      const { world } = commit(startWith(stocks), requests);
      const replay = requests.filter(() => picks.next().value);
      return JSON.stringify(commit(world, replay).world) === JSON.stringify(world);
    }),
  );
});

t.test('any split of a sequence into batches gives the same decisions', async (t) => {
  holds(
    t,
    fc.property(
      stocksArbitrary,
      requestsArbitrary,
      fc.array(fc.integer({ min: 1, max: 9 })),
      (stocks, requests, cuts) => {
        const sizes = [...cuts];
        const whole = commit(startWith(stocks), requests);
        let world = startWith(stocks);
        const outcomes: Outcome[] = [];
        for (let from = 0; from < requests.length; ) {
          const to = from + (sizes.shift() ?? requests.length);
          const part = commit(world, requests.slice(from, to));
          world = part.world;
          outcomes.push(...part.outcomes);
          from = to;
        }
        return JSON.stringify({ world, outcomes }) === JSON.stringify({ world: whole.world, outcomes: whole.outcomes });
      },
    ),
  );
});

t.test('two buyers never share the last unit', async (t) => {
  const stocks = [stockOf({ sid: 1, count: 3, sale: 2 })];
  const requests = [
    { sid: 1, buyer: 'ann', orderNo: 'a' },
    { sid: 1, buyer: 'bob', orderNo: 'b' },
  ];
  const { outcomes, unitsTaken } = decideBatch(stocks, [], [], requests);
  t.same(outcomes.map(decisionOf), ['CONFIRMED', 'SOLD_OUT']);
  t.same([...unitsTaken], [[1, 1]]);
});

t.test('a buyer with an active order gets its number, also when no unit is left', async (t) => {
  const stocks = [stockOf({ sid: 1, count: 1, sale: 1 })];
  const live = [{ sid: 1, buyer: 'ann', orderNo: 'first' }];
  const { outcomes } = decideBatch(stocks, [], live, [{ sid: 1, buyer: 'ann', orderNo: 'second' }]);
  t.same(outcomes, [
    { orderNo: 'second', decision: 'DUPLICATE', liveOrderNo: 'first', state: 'duplicate' },
  ] satisfies DecidedOrder[]);
});

t.test('a stock of which no unit is taken still gets a version check', async (t) => {
  const stocks = [stockOf({ sid: 1, count: 1, sale: 1 })];
  const { unitsTaken } = decideBatch(stocks, [], [], [{ sid: 1, buyer: 'ann', orderNo: 'a' }]);
  t.same([...unitsTaken], [[1, 0]]);
});

t.test("another buyer's or stock's number and an unknown stock get no decision", async (t) => {
  const stocks = sids.map((sid) => stockOf({ sid, count: 9, sale: 0 }));
  const { outcomes, fresh } = decideBatch(
    stocks,
    [],
    [],
    [
      { sid: 1, buyer: 'ann', orderNo: 'a' },
      { sid: 1, buyer: 'bob', orderNo: 'a' },
      { sid: 2, buyer: 'ann', orderNo: 'a' },
      { sid: 3, buyer: 'ann', orderNo: 'b' },
    ],
  );
  t.same(outcomes.map(decisionOf), ['CONFIRMED', 'invalid', 'invalid', 'invalid']);
  t.equal(fresh.length, 1);
});

const decideOne = (stock: DecidingStock, request: Partial<OrderRequest> = {}, live: ActiveOrder[] = []) =>
  decideBatch([stock], [], live, [{ sid: 1, buyer: 'ann', orderNo: 'a', ...request }]);
const free = (more: Partial<DecidingStock> = {}) => stockOf({ sid: 1, count: 9, sale: 0 }, more);
const decisionFor = (...parts: Parameters<typeof decideOne>) => decideOne(...parts).outcomes.map(decisionOf)[0];

t.test('an order is judged by its stamp, which is never later than the decision', async (t) => {
  const window = { opensAtMs: NOW_MS - 100, closesAtMs: NOW_MS + 100 };
  const cases: [stampMs: number | null, stock: Partial<DecidingStock>, decision: string][] = [
    [null, window, 'CONFIRMED'],
    [NOW_MS - 101, window, 'NOT_OPEN'],
    [NOW_MS - 100, window, 'CONFIRMED'],
    // A stamp of the future sells nothing early.
    [NOW_MS + 7_200_000, { opensAtMs: NOW_MS + 1 }, 'NOT_OPEN'],
    [NOW_MS + 7_200_000, window, 'CONFIRMED'],
    // Stamped before the sale closed, decided afterwards.
    [NOW_MS - 50, { closesAtMs: NOW_MS - 10 }, 'CONFIRMED'],
    [NOW_MS - 10, { closesAtMs: NOW_MS - 10 }, 'CLOSED'],
    [null, { closesAtMs: NOW_MS - 10 }, 'CLOSED'],
    [NOW_MS - 50, { paused: true }, 'PAUSED'],
    [null, { opensAtMs: NOW_MS + 1, paused: true }, 'NOT_OPEN'],
  ];
  for (const [stampMs, stock, decision] of cases)
    t.equal(decisionFor(free(stock), { stampMs }), decision, JSON.stringify([stampMs, stock]));
});

t.test('no unit is confirmed outside the window, while paused, or above the highest price', async (t) => {
  const time = fc.integer({ min: NOW_MS - 5, max: NOW_MS + 5 });
  const stockArbitrary = fc
    .record({ opensAtMs: fc.option(time), closesAtMs: fc.option(time), paused: fc.boolean(), priceCents: fc.nat(3) })
    .map((terms) => free(terms));
  const orders = fc.record({
    stampMs: fc.option(time),
    maxPriceCents: fc.option(fc.nat(3)),
    takesNoUnit: fc.boolean(),
  });
  holds(
    t,
    fc.property(stockArbitrary, orders, (stock, request) => {
      const { fresh } = decideOne(stock, request);
      const [{ decided, judgedAtMs } = assertOne()] = fresh;
      const isOpen = judgedAtMs >= (stock.opensAtMs ?? 0) && judgedAtMs < (stock.closesAtMs ?? Number.MAX_VALUE);
      const isSold =
        isOpen && !stock.paused && !request.takesNoUnit && stock.priceCents <= (request.maxPriceCents ?? 9);
      return (decided.decision === 'CONFIRMED') === isSold && judgedAtMs <= NOW_MS;
    }),
  );
});

function assertOne(): never {
  throw new Error('nothing was decided');
}

t.test('a known number keeps its decision when the sale is paused or over', async (t) => {
  const known: KnownOrder[] = [
    { orderNo: 'a', sid: 1, buyer: 'ann', decision: 'CONFIRMED', liveOrderNo: null, state: 'paid' },
  ];
  const { outcomes, fresh } = decideBatch(
    [free({ paused: true })],
    known,
    [],
    [{ sid: 1, buyer: 'ann', orderNo: 'a' }],
  );
  t.match(outcomes, [{ decision: 'CONFIRMED', state: 'paid' }]);
  t.equal(fresh.length, 0);
});

t.test('an order that takes no unit is a duplicate of an active order, otherwise sold out', async (t) => {
  t.equal(decisionFor(free(), { takesNoUnit: true }), 'SOLD_OUT');
  const live = [{ sid: 1, buyer: 'ann', orderNo: 'first' }];
  t.equal(decisionFor(free(), { takesNoUnit: true }, live), 'DUPLICATE');
  t.same([...decideOne(free(), { takesNoUnit: true }).unitsTaken], [[1, 0]]);
  const metClosed = { takesNoUnit: true, metClosed: true };
  t.equal(decisionFor(free(), metClosed), 'CLOSED', 'the sale was reopened since');
  t.equal(decisionFor(free(), metClosed, live), 'DUPLICATE');
});

t.test('an order refused by window or price names no other order', async (t) => {
  const live = [{ sid: 1, buyer: 'ann', orderNo: 'first' }];
  t.match(decideOne(free({ paused: true }), {}, live).outcomes, [
    { decision: 'PAUSED', liveOrderNo: null, state: 'paused' },
  ]);
  t.match(decideOne(free(), { maxPriceCents: 1998 }).outcomes, [
    { decision: 'PRICE_ABOVE_MAX', state: 'price_above_max' },
  ]);
});

t.test('a free order is paid at once, except a ladder order', async (t) => {
  t.match(decideOne(free({ priceCents: 0 })).outcomes, [{ decision: 'CONFIRMED', state: 'paid' }]);
  const ladder = free({ priceCents: 0, kind: 'ladder' });
  t.match(decideOne(ladder, { buyer: 'a' }).outcomes, [{ decision: 'CONFIRMED', state: 'awaiting_payment' }]);
});

t.test('a stock of the other kind, or closed longer ago than the log keeps records, gets no row', async (t) => {
  t.equal(decisionFor(free({ kind: 'ladder' })), 'invalid');
  t.equal(decisionFor(free(), { buyer: 'a' }), 'invalid');
  const closesAtMs = NOW_MS - 7 * DAY_MS;
  t.equal(decisionFor(free({ closesAtMs }), { stampMs: closesAtMs - 1 }), 'CONFIRMED');
  t.equal(decisionFor(free({ closesAtMs: closesAtMs - 1 }), { stampMs: closesAtMs - 2 }), 'invalid');
});

t.test('all units of an order or none; a smaller order behind it may be confirmed', async (t) => {
  const stock = stockOf({ sid: 1, count: 5, sale: 1 }, { maxPerOrder: 4 });
  const ask = (buyer: string, quantity: number) => ({ orderNo: `1-${buyer}`, sid: 1, buyer, quantity });
  const requests = [ask('ann', 3), ask('bob', 2), ask('kim', 1), ask('eve', 1), ask('joe', 4)];
  const { outcomes, unitsTaken } = decideBatch([stock], [], [], requests);
  t.same(
    outcomes.map((outcome) => 'decision' in outcome && [outcome.decision, outcome.unitsLeft]),
    [
      ['CONFIRMED', undefined],
      ['SOLD_OUT', 1],
      ['CONFIRMED', undefined],
      ['SOLD_OUT', undefined],
      ['SOLD_OUT', undefined],
    ],
  );
  t.same([...unitsTaken], [[1, 4]]);
});

t.test(
  'where units go to offers every new order is refused, after the window and pause; a known one keeps its decision',
  async (t) => {
    const offers = { offersOnly: true };
    const orders = [
      { orderNo: '1-known', sid: 1, buyer: 'ann' },
      { orderNo: '1-new', sid: 1, buyer: 'ann' },
      { orderNo: '1-many', sid: 1, buyer: 'bob', quantity: 9 },
      { orderNo: '1-asks', sid: 1, buyer: 'eve', takesNoUnit: true, metClosed: true },
    ];
    const ann = { orderNo: '1-known', sid: 1, buyer: 'ann' };
    const known: KnownOrder = { ...ann, decision: 'CONFIRMED', liveOrderNo: null, state: 'awaiting_payment' };
    const open = stockOf({ sid: 1, count: 5, sale: 1 }, offers);
    const { outcomes, fresh, unitsTaken } = decideBatch([open], [known], [ann], orders);
    const refused = { decision: 'ENTRY_REQUIRED', state: 'entry_required', liveOrderNo: null };
    t.match(outcomes, [{ decision: 'CONFIRMED' }, refused, refused, refused]);
    t.equal(fresh.length, 3);
    t.same([...unitsTaken], [[1, 0]], 'no unit, and the version is checked');

    for (const [more, decision] of [
      [{ paused: true }, 'PAUSED'],
      [{ opensAtMs: NOW_MS + 1 }, 'NOT_OPEN'],
      [{ closesAtMs: NOW_MS }, 'CLOSED'],
    ] as const) {
      const stock = stockOf({ sid: 1, count: 5, sale: 1 }, { ...offers, ...more });
      t.match(decideBatch([stock], [], [], orders.slice(1, 2)).outcomes, [{ decision }]);
    }
  },
);

t.test('an order above the limit of the stock is refused, and the next one is not', async (t) => {
  const stock = stockOf({ sid: 1, count: 5, sale: 0 }, { maxPerOrder: 4 });
  const { outcomes, fresh, unitsTaken } = decideBatch(
    [stock],
    [],
    [],
    [
      { orderNo: '1-a', sid: 1, buyer: 'ann', quantity: 5 },
      { orderNo: '1-b', sid: 1, buyer: 'ann', quantity: 4 },
    ],
  );
  t.match(outcomes, [{ decision: 'QUANTITY_ABOVE_MAX', state: 'quantity_above_max' }, { decision: 'CONFIRMED' }]);
  t.equal(fresh.length, 2);
  t.same([...unitsTaken], [[1, 4]]);
});
