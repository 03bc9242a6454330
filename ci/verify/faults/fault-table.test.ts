import t from 'tap';
import { faultMarkdown, faultTable } from './fault-table.ts';
import type { FaultOutcome } from './run-faults.ts';

const outcome: FaultOutcome = {
  name: 'b',
  status: 'held',
  reasons: [],
  result: {
    name: 'b',
    what: 'x',
    sold: { units: 9, load: 9, after: 1 },
    peaksMb: { 'consumer-1': 90, 'consumer-2': 120 },
    stallMs: 0,
    broken: [],
    exceeded: [],
    alarms: {
      raised: [
        { alarm: 'ProcessDown', afterMs: 900, isExpected: false },
        { alarm: 'RedisDown', afterMs: 2100, isExpected: true },
      ],
      exceeded: [],
    },
    figures: {
      requests: 20,
      errors: 2,
      orderErrors: 2,
      errorKinds: {},
      errorsBefore: 0,
      rejected: 1,
      accepted: 3,
      confirmed: 8,
      errorsEndMs: 1500,
      errorsEndAfterHealMs: 500,
      longestPauseMs: 700,
      pauseBeforeMs: 0,
      recoveredMs: null,
    },
  },
};

t.test('a row for each fault; the rows of other faults stay', async (t) => {
  t.match(
    faultTable([outcome]).split('\n')[2],
    /^b +held +20 +8 +3 +1 +2 +1.5 +0.7 +– +1 +120 +RedisDown 2.1, ProcessDown 0.9$/,
  );
  const first = faultMarkdown([{ ...outcome, name: 'a', status: 'skipped', result: undefined }], '\n', ['a', 'b']);
  t.match(first.split('\n'), [/^\| fault \| result/, /^\| --- /, /^\| a \| skipped \| – /]);
  const both = faultMarkdown([outcome], first, ['a', 'b']).split('\n');
  t.match(both.slice(2), [
    /^\| a \| skipped/,
    /^\| b \| held \| 20 \| 8 \| 3 \| 1 \| 2 \| 1.5 \| 0.7 \| – \| 1 \| 120 \| RedisDown 2.1, ProcessDown 0.9 \|$/,
  ]);
});
