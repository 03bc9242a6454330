import t from 'tap';
import { faultMarkdown, faultTable } from './fault-table.ts';
import type { FaultOutcome } from './run-faults.ts';

const outcome: FaultOutcome = {
  name: 'b',
  verdict: 'held',
  reasons: [],
  result: {
    name: 'b',
    what: 'x',
    sold: { units: 9, crowd: 9, last: 1 },
    peaksMb: { one: 90, two: 120 },
    stallMs: 0,
    broken: [],
    exceeded: [],
    seen: {
      requests: 20,
      errors: 2,
      orderErrors: 2,
      errorKinds: {},
      errorsBefore: 0,
      shed: 1,
      promised: 3,
      confirmed: 8,
      errorsEndMs: 1500,
      errorsEndAfterHealMs: 500,
      longestPauseMs: 700,
      pauseBeforeMs: 0,
      recoveredMs: null,
    },
  },
};

t.test('a row for each fault, and rows of others stay', async (t) => {
  t.match(faultTable([outcome]).split('\n')[2], /^b +held +20 +8 +3 +1 +2 +1.5 +0.7 +– +1 +120$/);
  const first = faultMarkdown([{ ...outcome, name: 'a', verdict: 'left out', result: undefined }], '\n', ['a', 'b']);
  t.match(first.split('\n'), [/^\| fault \| verdict/, /^\| --- /, /^\| a \| left out \| – /]);
  const both = faultMarkdown([outcome], first, ['a', 'b']).split('\n');
  t.match(both.slice(2), [
    /^\| a \| left out/,
    /^\| b \| held \| 20 \| 8 \| 3 \| 1 \| 2 \| 1.5 \| 0.7 \| – \| 1 \| 120 \|$/,
  ]);
});
