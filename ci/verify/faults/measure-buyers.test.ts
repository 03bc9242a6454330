import t from 'tap';
import type { AnswerLine, Exchange } from './journal.ts';
import { findExceeded, findFat } from './judge-fault.ts';
import { measureBuyers } from './measure-buyers.ts';

const MOMENTS = { startedMs: 0, injectedMs: 1000, healedMs: 3000 };
let count = 0;

function order(atMs: number, status: number, more: Partial<AnswerLine> = {}): Exchange {
  count += 1;
  const empty = { abandoned: false, code: '', orderNo: '', state: '', decision: '', liveOrderNo: '' };
  return {
    ask: { n: count, atMs, buyer: 'ann', key: '', method: 'POST', path: '/api/v1/stocks/7/orders', repeat: false },
    answer: { n: count, atMs, status, ...empty, ...more },
  };
}
const sold = (atMs: number) => order(atMs, 201, { orderNo: String(atMs) });

t.test('what buyers saw', async (t) => {
  const seen = measureBuyers(
    [
      ...[sold(200), sold(600), sold(1100), order(1500, 502), order(1600, 0), order(1700, 0, { abandoned: true })],
      ...[
        order(1800, 503, { code: 'busy' }),
        order(1900, 429),
        order(2000, 202),
        order(3400, 503),
        sold(3500),
        sold(3600),
      ],
    ],
    MOMENTS,
  );
  t.match(seen, {
    requests: 12,
    errors: 3,
    orderErrors: 3,
    errorsBefore: 0,
    shed: 2,
    promised: 1,
    confirmed: 5,
    errorsEndMs: 2400,
    errorsEndAfterHealMs: 400,
    longestPauseMs: 2400,
    pauseBeforeMs: 400,
    recoveredMs: 500,
    errorKinds: { 'POST order 502': 1, 'POST order no answer': 1, 'POST order 503': 1 },
  });
  t.match(measureBuyers([sold(200), order(900, 500)], MOMENTS), {
    errors: 0,
    errorsBefore: 1,
    errorsEndMs: null,
    recoveredMs: null,
  });
});

t.test('bounds', async (t) => {
  const seen = measureBuyers([sold(500), sold(1000), order(1500, 502), sold(3500)], MOMENTS);
  t.same(findExceeded({ errorsEndMs: 500, errorsEndAfterHealMs: 0, pauseMs: 2000, recoverMs: 500 }, seen), []);
  t.same(findExceeded({}, seen), []);
  t.match(findExceeded({ errorsEndMs: 499 }, seen), [/errors for 0.5 s/]);
  t.match(findExceeded({ errorsEndMs: 0 }, seen), [/1 requests failed/]);
  t.same(findExceeded({ orderErrors: 0 }, seen), []);
  const failed = measureBuyers([order(1500, 502), order(1600, 502), order(1700, 503)], MOMENTS);
  t.match(findExceeded({ orderErrors: 0 }, failed), [/3 orders failed, at most 2 may \(.*POST order 502 × 2/]);
  t.match(findExceeded({ pauseMs: 1900 }, seen), [/a pause of 2.5 s/]);
  t.match(findExceeded({ recoverMs: 499 }, seen), [/recovered after 0.5 s/]);
  t.match(findExceeded({ recoverMs: 9 }, measureBuyers([sold(500)], MOMENTS)), [/nobody was served/]);
  t.match(findFat({ 'consumer-1': 500, 'consumer-2': 513 }, 512), [/consumer-2 took 513 MB/]);
});
