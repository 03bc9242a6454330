import t from 'tap';
import { type Meaning, noteMeaning } from './note-meaning.ts';

/** The times at which the meaning changed. The steps are one millisecond apart, from 1 on. */
function changes(first: [string, number], ...steps: [act: string, amount: number, index?: number][]): number[] {
  let meaning: Meaning = { act: first[0], index: 0, amount: first[1], changedMs: 0 };
  return steps.flatMap(([act, amount, index = 0], at) => {
    const before = meaning.changedMs;
    meaning = noteMeaning(meaning, { act, amount, index }, at + 1);
    return meaning.changedMs === before ? [] : [meaning.changedMs];
  });
}

t.test('a new act or position changes the meaning', async (t) => {
  t.same(changes(['buy', 10], ['none', 10], ['pay', 10]), [2]);
  t.same(changes(['pay', 10], ['none', 10], ['buy', 10]), [2]);
  t.same(changes(['buy', 10], ['buy', 10, 1]), [1]);
  t.same(changes(['buy', 10], ['none', 10], ['buy', 10]), []);
});

t.test('a new price changes the meaning, also after a time without an act', async (t) => {
  t.same(changes(['buy', 10], ['buy', 20]), [1]);
  t.same(changes(['buy', 10], ['none', 10], ['none', 20], ['none', 20], ['buy', 20]), [4]);
  t.same(changes(['buy', 10], ['none', 20], ['buy', 10]), []);
});

t.test('the price of the stock does not change the meaning of the pay button', async (t) => {
  t.same(changes(['pay', 10], ['pay', 20], ['none', 30], ['pay', 30]), []);
});

t.test('a button that opens accepts clicks at once, unless the price changes at the same moment', async (t) => {
  t.same(changes(['none', 10], ['none', 10], ['buy', 10]), []);
  t.same(changes(['none', 10], ['buy', 20]), [1]);
  t.same(changes(['none', 10], ['none', 20], ['buy', 20]), [1]);
});
