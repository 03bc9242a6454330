import t from 'tap';
import { addOutcome, createHistory, type ObservedHistory } from './buyers/observed-history.ts';
import { breachesOf, contradictionsOf, type SaleResult, type SeenOrder, summarize } from './judge-sale.ts';
import { saleTable } from './sale-table.ts';

const history = (more: Partial<ObservedHistory> = {}): ObservedHistory => ({ ...createHistory('ann'), ...more });

const confirmed = (orderNo: string, state = 'awaiting_payment'): SeenOrder => ({
  orderNo,
  state,
  decision: 'confirmed',
});
const soldOut = (orderNo: string): SeenOrder => ({ orderNo, state: 'sold_out', decision: 'sold_out' });

t.test('a history that contradicts the rows is a breach', async (t) => {
  const cases: [what: string, answered: Partial<ObservedHistory>, rows: SeenOrder[], breach: RegExp | null][] = [
    ['confirmed, and a row', { kind: 'confirmed', confirmedNos: ['a'] }, [confirmed('a')], null],
    ['confirmed, then expired', { kind: 'confirmed', confirmedNos: ['a'] }, [confirmed('a', 'expired')], null],
    ['confirmed, and no row', { kind: 'confirmed', confirmedNos: ['a'] }, [], /the row is missing/],
    ['confirmed, and a refused row', { kind: 'confirmed', confirmedNos: ['a'] }, [soldOut('a')], /the row is sold_out/],
    ['refused, and no row', { kind: 'refused' }, [], null],
    ['refused, and a refused row', { kind: 'refused', refusedNos: ['a'] }, [soldOut('a')], null],
    [
      'an order number refused, and a confirmed row',
      { kind: 'confirmed', refusedNos: ['a'] },
      [confirmed('a')],
      /sold out, the row is/,
    ],
    ['refused, and has a unit', { kind: 'refused' }, [confirmed('a')], /was refused, but has a/],
    ['limited, and has a unit', { kind: 'limited' }, [confirmed('a')], null],
    [
      'two active orders',
      { kind: 'confirmed', confirmedNos: ['a'] },
      [confirmed('a'), confirmed('b')],
      /2 active orders/,
    ],
    [
      'one active order after another',
      { kind: 'confirmed', confirmedNos: ['b'] },
      [confirmed('a', 'cancelled'), confirmed('b')],
      null,
    ],
    ['paid', { kind: 'confirmed', confirmedNos: ['a'], paid: true }, [confirmed('a', 'paid')], null],
    ['paid, and an unpaid row', { kind: 'confirmed', confirmedNos: ['a'], paid: true }, [confirmed('a')], /ann paid a/],
    ['never answered', { kind: 'pending' }, [], /never received a final answer/],
  ];
  for (const [what, answered, rows, breach] of cases) {
    const breaches = contradictionsOf(history(answered), rows);
    if (breach) t.match(breaches[0], breach, what);
    else t.same(breaches, [], what);
  }
});

t.test('a confirmed click counts, otherwise the last one', async (t) => {
  const clicked = history();
  t.equal(addOutcome(clicked, { kind: 'limited', orderNo: undefined, status: 429 }), false);
  t.equal(clicked.kind, 'limited');
  t.equal(addOutcome(clicked, { kind: 'confirmed', orderNo: 'a', status: 201 }), true);
  addOutcome(clicked, { kind: 'refused', orderNo: 'b', status: 410 });
  t.equal(addOutcome(clicked, { kind: 'confirmed', orderNo: 'a', status: 200 }), false);
  t.match(clicked, { kind: 'confirmed', status: 201, confirmedNos: ['a'], refusedNos: ['b'] });
  t.equal(clicked.confirmedNos.length, 1);
});

const passed = { ok: true, checks: [{ name: 'not_oversold', ok: true, result: 'holds' as const, detail: '' }] };
const numbers = { units: 2, requests: 9, sold: 2, active: 2, seconds: 0.5 };

t.test('the counts of a sale', async (t) => {
  const histories = [
    history({ kind: 'confirmed', confirmedNos: ['a'], clickToAnswerMs: 30 }),
    history({ kind: 'confirmed', confirmedNos: ['b'], clickToAnswerMs: 10 }),
    history({ kind: 'refused', clickToAnswerMs: 20 }),
    history({ kind: 'limited', clickToAnswerMs: undefined }),
    history({ kind: 'error', clickToAnswerMs: undefined }),
    history({ clickToAnswerMs: undefined }),
  ];
  const result = summarize(histories, numbers, passed);
  t.same(result, {
    buyers: 6,
    units: 2,
    requests: 9,
    confirmed: 2,
    refused: 1,
    limited: 1,
    errors: 2,
    sold: 2,
    oversold: 0,
    unsold: 0,
    ordersPerSecond: 4,
    clickToAnswerMs: { p50: 20, p99: 30 },
    audit: passed,
  } satisfies SaleResult);
  t.same(breachesOf(result), []);
  const table = saleTable(result).split('\n');
  t.match(table[0], /^buyers +units +requests +confirmed +refused .* p99 ms$/);
  t.match(table[2], /^ +6 +2 +9 +2 +1 +1 +2 +2 +0 +0 +4 +20 +30$/);
});

t.test('violated invariants of a sale', async (t) => {
  const refused = [history({ kind: 'refused' })];
  t.match(breachesOf(summarize(refused, { ...numbers, sold: 1 }, passed)), [
    /1 units were not sold, although 1 buyers/,
  ]);
  t.same(breachesOf(summarize([], { ...numbers, sold: 1 }, passed)), [], 'units are left without buyers');
  t.match(breachesOf(summarize([], { ...numbers, active: 3 }, passed)), [/oversold by 1/]);
  const audit = { ok: false, checks: [{ name: 'not_oversold', ok: false, result: 'broken' as const, detail: 'x' }] };
  t.same(breachesOf(summarize([], numbers, audit)), ['audit: not_oversold: x']);
});
