import t from 'tap';
import { buyUnit, readAnswer } from './buy-unit.ts';
import { planBuyer } from './plan-buyers.ts';
import type { Answer, Call, SaleClient } from './sale-client.ts';

const answer = (status: number, body: Answer['body'] = {}, location?: string): Answer => {
  return { status, body, location, retryAfterMs: 1 };
};
const at = '/api/v1/orders/1-x';

/** A system that gives these answers, and what it was sent. */
function openScript(answers: Answer[]) {
  const calls: Call[] = [];
  const client: SaleClient = {
    origin: 'http://script',
    async send(call) {
      calls.push(call);
      const next = answers.shift();
      if (!next) throw new Error('one call too many');
      return next;
    },
    close: async () => undefined,
  };
  let sent = 0;
  const click = {
    sid: 1,
    token: 'x',
    key: 'k',
    abandonAfterMs: 7,
    onAgain: () => undefined,
    onAnswer: () => undefined,
  };
  const onSend = () => {
    sent += 1;
  };
  const buy = () => buyUnit(client, { ...click, onSend });
  return { calls, buy, sent: () => sent };
}

const repeats = (calls: Call[]) => calls.map(({ headers }) => headers?.['idempotency-attempt'] !== '1');

t.test('an answer that is final is told', async (t) => {
  const cases: [Answer, string, string | undefined][] = [
    [answer(201, { orderNo: '1-x' }), 'confirmed', '1-x'],
    [answer(200, { orderNo: '1-y' }), 'confirmed', '1-y'],
    [answer(201), 'error', undefined],
    [answer(410), 'refused', undefined],
    [answer(410, { orderNo: '1-x' }), 'refused', '1-x'],
    [answer(403, { code: 'paused' }), 'refused', undefined],
    [answer(404), 'error', undefined],
    [answer(401), 'error', undefined],
    [answer(202, {}, 'http://elsewhere/'), 'error', undefined],
  ];
  for (const [given, kind, orderNo] of cases) {
    t.match(readAnswer(given), { kind: 'told', verdict: { kind, orderNo } }, `${given.status} ${kind}`);
  }
});

t.test('what may have been done is asked for as a repeat, with the same key', async (t) => {
  const { calls, buy, sent } = openScript([answer(0), answer(500), answer(201, { orderNo: '1-x' })]);
  t.match(await buy(), { kind: 'confirmed', orderNo: '1-x' });
  t.equal(sent(), 3);
  t.same(repeats(calls), [false, true, true]);
  t.same(new Set(calls.map(({ headers }) => headers?.['idempotency-key'])), new Set(['"k"']));
  t.same(
    calls.map(({ abandonAfterMs }) => abandonAfterMs),
    [7, undefined, undefined],
    'only the first is given up',
  );
});

t.test('what was refused for now was not done, and is no repeat', async (t) => {
  const opensAt = new Date(Date.now() + 20).toISOString();
  const { calls, buy } = openScript([
    answer(403, { code: 'not_open', opensAt }),
    answer(429),
    answer(503, { code: 'busy' }),
    answer(503, { code: 'unavailable' }),
    answer(410),
  ]);
  t.match(await buy(), { kind: 'refused' });
  t.same(repeats(calls), [false, false, false, false, true]);
});

t.test('a sale that opens much later is not waited for', async (t) => {
  const opensAt = new Date(Date.now() + 3_600_000).toISOString();
  t.match(await openScript([answer(403, { code: 'not_open', opensAt })]).buy(), { kind: 'refused', status: 403 });
});

t.test('202 is asked for until it is decided', async (t) => {
  for (const [body, verdict] of [
    [
      { orderNo: '1-x', decision: 'CONFIRMED' },
      { kind: 'confirmed', orderNo: '1-x' },
    ],
    [
      { orderNo: '1-x', decision: 'SOLD_OUT' },
      { kind: 'refused', orderNo: '1-x' },
    ],
    [
      { orderNo: '1-x', decision: 'DUPLICATE', liveOrderNo: '1-y' },
      { kind: 'confirmed', orderNo: '1-y' },
    ],
  ] as const) {
    const pending = answer(200, { state: 'pending' });
    const { calls, buy } = openScript([answer(202, {}, at), pending, answer(0), answer(503), answer(200, body)]);
    t.match(await buy(), verdict);
    t.same(
      calls.slice(1).map(({ path }) => path),
      [at, at, at, at],
    );
  }
});

t.test('a crowd is as it was planned', async (t) => {
  let seed = 1;
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const crowd = Array.from({ length: 10_000 }, () => planBuyer(1000, random));
  const share = (wanted: (plan: (typeof crowd)[number]) => boolean) => crowd.filter(wanted).length / crowd.length;
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
  t.ok(crowd.every(({ clickMs }) => clickMs >= -1000 && clickMs < 1000));
});
