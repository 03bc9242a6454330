import t from 'tap';
import { compareJournal, type OrderRow } from './compare-journal.ts';
import { type AnswerLine, type AskLine, type Exchange, pairLines } from './journal.ts';

const ORDER = { method: 'POST', path: '/api/v1/stocks/7/orders' } as const;
let count = 0;

function exchange(buyer: string, ask: Partial<AskLine>, answer: Partial<AnswerLine> | null): Exchange {
  count += 1;
  const empty = { abandoned: false, code: '', orderNo: '', state: '', decision: '' };
  return {
    ask: { n: count, atMs: count, buyer, key: 'first', repeat: false, ...ORDER, ...ask },
    answer: answer ? { n: count, atMs: count + 1, status: 0, ...empty, ...answer } : undefined,
  };
}

const order = (buyer: string, status: number, orderNo = '') => exchange(buyer, {}, { status, orderNo });
const poll = (buyer: string, orderNo: string, state: string, decision = '') =>
  exchange(buyer, { method: 'GET', path: `/api/v1/orders/${orderNo}` }, { status: 200, orderNo, state, decision });
const row = (orderNo: string, buyer: string, state = 'awaiting_payment'): OrderRow => {
  return { orderNo, buyer, state };
};

t.test('answers that contradict the rows are breaches', async (t) => {
  const cases: [what: string, exchanges: Exchange[], rows: OrderRow[], breach: RegExp | null][] = [
    ['201 and a row', [order('ann', 201, 'a')], [row('a', 'ann')], null],
    ['201, then expired', [order('ann', 201, 'a')], [row('a', 'ann', 'expired')], null],
    ['201 and no row', [order('ann', 201, 'a')], [], /201 for a: expected confirmed, the row is missing/],
    ['201 and refused', [order('ann', 201, 'a')], [row('a', 'ann', 'sold_out')], /the row is sold_out/],
    ['201, and a row of another buyer', [order('ann', 201, 'a')], [row('a', 'bob')], /the row belongs to bob/],
    ['200 and no row', [order('ann', 200, 'a')], [], /the row is missing/],
    ['410 and a refused row', [order('ann', 410, 'a')], [row('a', 'ann', 'sold_out')], null],
    ['410 and confirmed', [order('ann', 410, 'a')], [row('a', 'ann')], /sold out, the row is awaiting_payment/],
    ['410 and no row', [order('ann', 410, 'a')], [], /sold out, the row is missing/],
    ['410 without an order number', [order('ann', 410)], [], null],
    ['410 without an order number, and a unit', [order('ann', 410)], [row('a', 'ann')], /ann was refused, but has a/],
    ['410, then 201', [order('ann', 410), order('ann', 201, 'a')], [row('a', 'ann')], null],
    [
      '202 and decided',
      [order('ann', 202, 'a'), poll('ann', 'a', 'paid', 'confirmed')],
      [row('a', 'ann', 'paid')],
      null,
    ],
    [
      '202 and never decided',
      [order('ann', 202, 'a'), poll('ann', 'a', 'pending')],
      [row('a', 'ann')],
      /no final answer/,
    ],
    ['202 and no row', [order('ann', 202, 'a')], [], /expected a decision, the row is missing/],
    [
      'a poll that contradicts the row',
      [poll('ann', 'a', 'sold_out', 'sold_out')],
      [row('a', 'ann')],
      /sold_out, the row is awaiting_payment/,
    ],
    ['two active orders', [order('ann', 201, 'a')], [row('a', 'ann'), row('b', 'ann', 'paid')], /2 active orders/],
    ['one active order after another', [order('ann', 201, 'b')], [row('a', 'ann', 'expired'), row('b', 'ann')], null],
    ['no response', [order('ann', 0)], [], null],
    ['the journal ends after the request', [exchange('ann', {}, null)], [], /neither answered nor aborted/],
  ];
  for (const [what, exchanges, rows, breach] of cases) {
    const breaches = compareJournal(exchanges, rows);
    if (breach) t.match(breaches[0], breach, what);
    else t.same(breaches, [], what);
  }
});

t.test('lines are paired by their number; an answer without a request is an error', async (t) => {
  const { ask, answer } = order('ann', 201, 'a');
  const other = order('bob', 410);
  const lines = [ask, other.ask, answer, ''].map((line) => (line === '' ? '' : JSON.stringify(line)));
  t.same(pairLines(lines), [
    { ask, answer },
    { ask: other.ask, answer: undefined },
  ]);
  t.throws(() => pairLines([JSON.stringify(answer)]), /never sent/);
});
