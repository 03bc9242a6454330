import fc from 'fast-check';
import t from 'tap';
import { type Counted, ENDS, splitRequests } from './split-requests.ts';

const NONE: Counted = {
  created: 0,
  duplicate: 0,
  refused: 0,
  limited: 0,
  pending: 0,
  notOpen: 0,
  busy: 0,
  errors: 0,
  other: 0,
  nginxLimit: 0,
  nginxCache: 0,
  limiter: 0,
  soldOut: 0,
  log: 0,
  confirmed: 0,
};
const ANSWERS = [
  'created',
  'duplicate',
  'refused',
  'limited',
  'pending',
  'notOpen',
  'busy',
  'errors',
  'other',
] as const;

t.test('an order with two answers is confirmed once', async (t) => {
  const { all, ended } = splitRequests({ ...NONE, created: 66, confirmed: 50, duplicate: 4 });
  t.equal(all, 70);
  t.match(ended, { confirmed: 50, had: 20 });
});

t.test('an order that was answered 202 and then confirmed is not pending', async (t) => {
  const { all, ended } = splitRequests({ ...NONE, created: 40, pending: 12, other: 3, confirmed: 50 });
  t.equal(all, 55);
  t.match(ended, { confirmed: 50, pending: 2, other: 3, had: 0 });
});

t.test('orders without a counted request, such as ladder orders, are not shown', async (t) => {
  t.match(splitRequests({ ...NONE, confirmed: 100 }), { all: 0, ended: { confirmed: 0 } });
});

t.test('refused and limited requests are split by layer', async (t) => {
  const counted = {
    ...NONE,
    refused: 950,
    limited: 105,
    nginxCache: 900,
    nginxLimit: 100,
    soldOut: 30,
    log: 20,
    limiter: 5,
  };
  t.match(splitRequests(counted).ended, { nginxCache: 900, soldOut: 30, log: 20, nginxLimit: 100, limiter: 5 });
});

t.test('the parts add up to all requests and are never negative', async () => {
  const number = fc.double({ min: 0, max: 1e5, noNaN: true });
  const shape = Object.fromEntries(Object.keys(NONE).map((name) => [name, number])) as Record<
    keyof Counted,
    typeof number
  >;
  fc.assert(
    fc.property(fc.record(shape), (counted) => {
      const { all, ended } = splitRequests(counted);
      const requests = ANSWERS.reduce((sum, answer) => sum + Math.round(counted[answer]), 0);
      return all === requests && ENDS.every((end) => Number.isInteger(ended[end]) && ended[end] >= 0);
    }),
  );
});
