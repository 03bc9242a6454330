import t from 'tap';
import { buyUnit, readAnswer } from './buy-unit.ts';
import type { Answer, Call, HttpClient } from './http-client.ts';
import { planBuyer } from './plan-buyer.ts';

const answer = (status: number, body: Answer['body'] = {}, location?: string): Answer => {
  return { status, body, location, retryAfterMs: 1 };
};
const at = '/api/v1/orders/1-x';

/** A client that returns these answers, and the calls that it received. */
function createScript(answers: Answer[]) {
  const calls: Call[] = [];
  const client: HttpClient = {
    origin: 'http://script',
    async send(call) {
      calls.push(call);
      const next = answers.shift();
      if (!next) throw new Error('unexpected call');
      return next;
    },
    close: async () => undefined,
  };
  let sent = 0;
  const onSend = () => {
    sent += 1;
  };
  const buy = () => buyUnit(client, { sid: 1, token: 'x', key: 'k', abandonAfterMs: 7, onSend });
  return { calls, buy, sent: () => sent };
}

const repeats = (calls: Call[]) => calls.map(({ headers }) => headers?.['idempotency-attempt'] !== '1');

t.test('final answers', async (t) => {
  const cases: [Answer, string, string | undefined][] = [
    [answer(201, { orderNo: '1-x' }), 'confirmed', '1-x'],
    [answer(200, { orderNo: '1-y' }), 'confirmed', '1-y'],
    [answer(201), 'error', undefined],
    [answer(410), 'refused', undefined],
    [answer(410, { orderNo: '1-x' }), 'refused', '1-x'],
    [answer(409, { code: 'paused' }), 'refused', undefined],
    [answer(404), 'error', undefined],
    [answer(401), 'error', undefined],
    [answer(202, {}, 'http://elsewhere/'), 'error', undefined],
  ];
  for (const [given, kind, orderNo] of cases) {
    t.match(readAnswer(given), { kind: 'final', outcome: { kind, orderNo } }, `${given.status} ${kind}`);
  }
});

t.test('a request that may have been executed is repeated with the same key', async (t) => {
  const { calls, buy, sent } = createScript([answer(0), answer(500), answer(201, { orderNo: '1-x' })]);
  t.match(await buy(), { kind: 'confirmed', orderNo: '1-x' });
  t.equal(sent(), 3);
  t.same(repeats(calls), [false, true, true]);
  t.same(new Set(calls.map(({ headers }) => headers?.['idempotency-key'])), new Set(['"k"']));
  t.same(
    calls.map(({ abandonAfterMs }) => abandonAfterMs),
    [7, undefined, undefined],
    'only the first request is aborted',
  );
});

t.test('a request that was rejected is sent again, but not as a repeat', async (t) => {
  const opensAt = new Date(Date.now() + 20).toISOString();
  const { calls, buy } = createScript([
    answer(409, { code: 'not_open', opensAt }),
    answer(429),
    answer(503, { code: 'busy' }),
    answer(503, { code: 'unavailable' }),
    answer(410),
  ]);
  t.match(await buy(), { kind: 'refused' });
  t.same(repeats(calls), [false, false, false, false, true]);
});

t.test('a buyer does not wait for a sale that opens much later', async (t) => {
  const opensAt = new Date(Date.now() + 3_600_000).toISOString();
  t.match(await createScript([answer(409, { code: 'not_open', opensAt })]).buy(), { kind: 'refused', status: 409 });
});

t.test('an order answered with 202 is polled until it is decided', async (t) => {
  for (const [body, outcome] of [
    [
      { orderNo: '1-x', decision: 'confirmed' },
      { kind: 'confirmed', orderNo: '1-x' },
    ],
    [
      { orderNo: '1-x', decision: 'sold_out' },
      { kind: 'refused', orderNo: '1-x' },
    ],
    [
      { orderNo: '1-x', decision: 'duplicate', activeOrderNo: '1-y' },
      { kind: 'confirmed', orderNo: '1-y' },
    ],
  ] as const) {
    const pending = answer(200, { state: 'pending' });
    const { calls, buy } = createScript([answer(202, {}, at), pending, answer(0), answer(503), answer(200, body)]);
    t.match(await buy(), outcome);
    t.same(
      calls.slice(1).map(({ path }) => path),
      [at, at, at, at],
    );
  }
});

t.test('the shares of planned behaviours', async (t) => {
  let seed = 1;
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const plans = Array.from({ length: 10_000 }, () => planBuyer(1000, random));
  const share = (wanted: (plan: (typeof plans)[number]) => boolean) => plans.filter(wanted).length / plans.length;
  const near = (value: number, wanted: number) => t.ok(Math.abs(value - wanted) < 0.015, `${value} for ${wanted}`);
  near(
    share(({ doubleClicks }) => doubleClicks),
    0.2,
  );
  near(
    share(({ abandonsAfterMs }) => abandonsAfterMs !== undefined),
    0.1,
  );
  near(
    share(({ pays }) => pays !== 'soon'),
    0.05,
  );
  near(
    share(({ clickMs }) => clickMs < 0),
    0.1,
  );
  t.ok(plans.every(({ clickMs }) => clickMs >= -1000 && clickMs < 1000));
});
