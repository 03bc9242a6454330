import t from 'tap';
import { LATE_LOG_ERRORS } from './catalog/fault.ts';
import { findExceeded, findMemoryExceeded } from './exceeded-bounds.ts';
import type { AnswerLine, Exchange } from './load/journal.ts';
import { measureFault } from './load/measure-fault.ts';

const MOMENTS = { startedMs: 0, injectedMs: 1000, healedMs: 3000 };
let count = 0;

function order(atMs: number, status: number, more: Partial<AnswerLine> = {}): Exchange {
  count += 1;
  const empty = { abandoned: false, code: '', orderNo: '', state: '', decision: '' };
  return {
    ask: { n: count, atMs, buyer: 'ann', key: '', method: 'POST', path: '/api/v1/stocks/7/orders', repeat: false },
    answer: { n: count, atMs, status, ...empty, ...more },
  };
}
const sold = (atMs: number) => order(atMs, 201, { orderNo: String(atMs) });

t.test('the figures of a fault', async (t) => {
  const figures = measureFault(
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
  t.match(figures, {
    requests: 12,
    errors: 3,
    orderErrors: 3,
    errorsBefore: 0,
    rejected: 2,
    accepted: 1,
    confirmed: 5,
    errorsEndMs: 2400,
    errorsEndAfterHealMs: 400,
    longestPauseMs: 2400,
    pauseBeforeMs: 400,
    recoveredMs: 500,
    errorKinds: { 'POST order 502': 1, 'POST order no answer': 1, 'POST order 503': 1 },
  });
  t.match(measureFault([sold(200), order(900, 500)], MOMENTS), {
    errors: 0,
    errorsBefore: 1,
    errorsEndMs: null,
    recoveredMs: null,
  });
});

t.test('bounds', async (t) => {
  const figures = measureFault([sold(500), sold(1000), order(1500, 502), sold(3500)], MOMENTS);
  t.same(findExceeded({ errorsEndMs: 500, errorsEndAfterHealMs: 0, pauseMs: 2000, recoverMs: 500 }, figures), []);
  t.same(findExceeded({}, figures), []);
  t.match(findExceeded({ errorsEndMs: 499 }, figures), [/errors for 0.5 s/]);
  t.match(findExceeded({ errorsEndMs: 0 }, figures), [/1 requests failed/]);
  t.same(findExceeded({ orderErrors: LATE_LOG_ERRORS }, figures), []);
  const failed = measureFault([order(1500, 502), order(1600, 502), order(1700, 503)], MOMENTS);
  t.match(findExceeded({ orderErrors: LATE_LOG_ERRORS }, failed), [
    /3 orders failed, the limit is 2 \(.*POST order 502 × 2/,
  ]);
  t.match(findExceeded({ pauseMs: 1900 }, figures), [/a pause of 2.5 s/]);
  t.match(findExceeded({ recoverMs: 499 }, figures), [/recovered after 0.5 s/]);
  t.match(findExceeded({ recoverMs: 9 }, measureFault([sold(500)], MOMENTS)), [/no order was confirmed/]);
  t.match(findMemoryExceeded({ 'consumer-1': 500, 'consumer-2': 513 }, 512), [/consumer-2 used 513 MB/]);
});
