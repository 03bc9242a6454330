import t from 'tap';
import {
  addOutcome,
  breachesOf,
  contradictionsOf,
  type ObservedHistory,
  type SaleResult,
  type SeenOrder,
  summarize,
} from './judge-sale.ts';
import { saleTable } from './sale-table.ts';

function story(more: Partial<ObservedHistory> = {}): ObservedHistory {
  const empty = {
    buyer: 'ann',
    kind: 'pending',
    status: 0,
    confirmedNos: [],
    refusedNos: [],
    clickToAnswerMs: 10,
  } as const;
  return { ...empty, confirmedNos: [], refusedNos: [], paid: false, ...more };
}

const confirmed = (orderNo: string, state = 'awaiting_payment'): SeenOrder => ({
  orderNo,
  state,
  decision: 'CONFIRMED',
});
const soldOut = (orderNo: string): SeenOrder => ({ orderNo, state: 'sold_out', decision: 'SOLD_OUT' });

t.test('what was told and what the rows say', async (t) => {
  const cases: [what: string, told: Partial<ObservedHistory>, rows: SeenOrder[], breach: RegExp | null][] = [
    ['confirmed and there', { kind: 'confirmed', confirmedNos: ['a'] }, [confirmed('a')], null],
    ['confirmed and expired since', { kind: 'confirmed', confirmedNos: ['a'] }, [confirmed('a', 'expired')], null],
    ['confirmed and gone', { kind: 'confirmed', confirmedNos: ['a'] }, [], /the row says nothing/],
    [
      'confirmed and refused since',
      { kind: 'confirmed', confirmedNos: ['a'] },
      [soldOut('a')],
      /the row says SOLD_OUT/,
    ],
    ['refused and nothing there', { kind: 'refused' }, [], null],
    ['refused and decided so', { kind: 'refused', refusedNos: ['a'] }, [soldOut('a')], null],
    [
      'a number refused and confirmed',
      { kind: 'confirmed', refusedNos: ['a'] },
      [confirmed('a')],
      /sold out, the row says/,
    ],
    ['refused, and has a unit', { kind: 'refused' }, [confirmed('a')], /was refused, and has a/],
    ['limited, and has a unit unawares', { kind: 'limited' }, [confirmed('a')], null],
    ['two live orders', { kind: 'confirmed', confirmedNos: ['a'] }, [confirmed('a'), confirmed('b')], /2 live orders/],
    [
      'one live order after another',
      { kind: 'confirmed', confirmedNos: ['b'] },
      [confirmed('a', 'cancelled'), confirmed('b')],
      null,
    ],
    ['paid', { kind: 'confirmed', confirmedNos: ['a'], paid: true }, [confirmed('a', 'paid')], null],
    [
      'paid, and not so in the row',
      { kind: 'confirmed', confirmedNos: ['a'], paid: true },
      [confirmed('a')],
      /has paid/,
    ],
    ['never answered', { kind: 'pending' }, [], /never got an answer/],
  ];
  for (const [what, told, rows, breach] of cases) {
    const breaches = contradictionsOf(story(told), rows);
    if (breach) t.match(breaches[0], breach, what);
    else t.same(breaches, [], what);
  }
});

t.test('of two clicks the confirmed one counts, else the last', async (t) => {
  const one = story();
  addOutcome(one, { kind: 'limited', orderNo: undefined, status: 429 });
  t.equal(one.kind, 'limited');
  addOutcome(one, { kind: 'confirmed', orderNo: 'a', status: 201 });
  addOutcome(one, { kind: 'refused', orderNo: 'b', status: 410 });
  addOutcome(one, { kind: 'confirmed', orderNo: 'a', status: 200 });
  t.match(one, { kind: 'confirmed', status: 201, confirmedNos: ['a'], refusedNos: ['b'] });
  t.equal(one.confirmedNos.length, 1);
});

const fine = { ok: true, checks: [{ name: 'not_oversold', ok: true, result: 'holds' as const, detail: '' }] };
const numbers = { units: 2, requests: 9, sold: 2, live: 2, seconds: 0.5 };

t.test('the counts of a sale', async (t) => {
  const stories = [
    story({ kind: 'confirmed', confirmedNos: ['a'], clickToAnswerMs: 30 }),
    story({ kind: 'confirmed', confirmedNos: ['b'], clickToAnswerMs: 10 }),
    story({ kind: 'refused', clickToAnswerMs: 20 }),
    story({ kind: 'limited', clickToAnswerMs: undefined }),
    story({ kind: 'error', clickToAnswerMs: undefined }),
    story({ clickToAnswerMs: undefined }),
  ];
  const result = summarize(stories, numbers, fine);
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
    audit: fine,
  } satisfies SaleResult);
  t.same(breachesOf(result), []);
  const table = saleTable(result).split('\n');
  t.match(table[0], /^buyers +units +requests +confirmed +refused .* p99 ms$/);
  t.match(table[2], /^ +6 +2 +9 +2 +1 +1 +2 +2 +0 +0 +4 +20 +30$/);
});

t.test('what breaks a sale', async (t) => {
  const refused = [story({ kind: 'refused' })];
  t.match(breachesOf(summarize(refused, { ...numbers, sold: 1 }, fine)), [/1 units unsold, although 1 buyers/]);
  t.same(breachesOf(summarize([], { ...numbers, sold: 1 }, fine)), [], 'units left because nobody came');
  t.match(breachesOf(summarize([], { ...numbers, live: 3 }, fine)), [/oversold by 1/]);
  const audit = { ok: false, checks: [{ name: 'not_oversold', ok: false, result: 'broken' as const, detail: 'x' }] };
  t.same(breachesOf(summarize([], numbers, audit)), ['audit: not_oversold: x']);
});
