import t from 'tap';
import { type Step, toHops } from './trace-hops.ts';

const at = (ms: number) => new Date(1_900_000_000_000 + ms).toISOString();
const step = (name: Step, ms: number | null) => ({ step: name, at: ms === null ? null : at(ms), by: null });

t.test('hops are placed by their time, and the payment does not press them together', async (t) => {
  const { hops, lineMs } = toHops({
    steps: [step('minted', 0), step('appended', 5), step('decided', 15), step('told', 20), step('paid', 60_000)],
  });
  t.equal(lineMs, 20);
  t.same(
    hops.map(({ place }) => place),
    [0, 0.25, 0.75, 1, null],
  );
  t.same(
    hops.map(({ sinceLastMs }) => sinceLastMs),
    [null, 5, 10, 5, 59_980],
  );
});

t.test('an unknown hop does not change the others', async (t) => {
  const { hops } = toHops({
    steps: [step('minted', 0), step('appended', null), step('decided', 10), step('told', null)],
  });
  t.same(
    hops.map(({ sinceLastMs, place }) => [sinceLastMs, place]),
    [
      [null, 0],
      [null, null],
      [10, 1],
      [null, null],
    ],
  );
});

t.test('differing clocks do not move a hop off the line', async (t) => {
  const { hops } = toHops({ steps: [step('minted', 0), step('appended', -2), step('decided', 8)] });
  t.same(
    hops.map(({ sinceLastMs, place }) => [sinceLastMs, place]),
    [
      [null, 0],
      [-2, 0],
      [10, 1],
    ],
  );
});
