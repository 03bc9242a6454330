import { createHmac } from 'node:crypto';
import t from 'tap';
import type { Money } from '../../../consumer/api/money.ts';
import { waitUntil } from '../../command/wait-until.ts';
import { callApi } from '../../testing/clients/call-api.ts';
import { createTestStock } from '../../testing/orders/create-test-stock.ts';
import { startTarget, targetSecrets } from '../../testing/servers/target.ts';

// Webhook calls that do not come from the gateway, or are not as it sends them.

const target = await startTarget(t);
const { mysql } = target.servers;
const sid = await createTestStock(mysql, { count: 5, priceCents: 1999, currency: 'EUR' });

/** The gateway's event for this buyer's payment. */
async function startPayment(buyer: string) {
  const bought = await callApi(target.url, `/api/v1/stocks/${sid}/orders`, { method: 'POST', as: buyer });
  const path = `/api/v1/orders/${bought.body.orderNo}/payments`;
  const { paymentId, orderNo, amount } = (await callApi(target.url, path, { method: 'POST', as: buyer })).body;
  const { amount: amountCents, currency } = amount as Money;
  return { type: 'payment.succeeded', data: { paymentId, orderNo, amountCents, currency } };
}
const stateOf = async (buyer: string, orderNo: unknown) =>
  (await callApi(target.url, `/api/v1/orders/${orderNo}`, { as: buyer })).body.state;

const paid = await startPayment('ann');
const bobs = await startPayment('bob');
await target.settle();
const text = JSON.stringify(paid);
const key = Buffer.from(targetSecrets.WEBHOOK_SECRET.slice('whsec_'.length), 'base64');
const seconds = Math.floor(Date.now() / 1000);

type Signed = { id?: string; at?: number | string; body?: string; with?: Buffer | string };
/** Headers of Standard Webhooks. */
function signed({ id = 'evt-1', at = seconds, body = text, with: secret = key }: Signed = {}) {
  const mac = createHmac('sha256', secret).update(`${id}.${at}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': String(at), 'webhook-signature': `v1,${mac}` };
}
const all = signed();
const without = (name: keyof typeof all) => Object.fromEntries(Object.entries(all).filter(([key]) => key !== name));
const signature = (value: string) => ({ ...all, 'webhook-signature': value });

type Row = [name: string, headers: Record<string, string>, body: string, status: number, code: string];
const unsigned = (name: string, headers: Record<string, string>, body = text): Row => [
  name,
  headers,
  body,
  401,
  'invalid_signature',
];
const rows: Row[] = [
  unsigned('no headers', {}),
  unsigned('no webhook-signature', without('webhook-signature')),
  unsigned('no webhook-id', without('webhook-id')),
  unsigned('no webhook-timestamp', without('webhook-timestamp')),
  unsigned('an empty signature', signature('')),
  unsigned('a short signature', signature('v1,abcd')),
  unsigned('half of the signature', signature(all['webhook-signature'].slice(0, 25))),
  unsigned('a signature with a suffix', signature(`${all['webhook-signature']}AAAA`)),
  unsigned('a signature of zeros', signature(`v1,${Buffer.alloc(32).toString('base64')}`)),
  unsigned('a signature without its version', signature(all['webhook-signature'].slice(3))),
  unsigned('a signature of another version', signature(all['webhook-signature'].replace('v1', 'v2'))),
  unsigned('a signature of 10 KB', signature(`v1,${'A'.repeat(10_000)}`)),
  unsigned('1,000 wrong signatures', signature(Array(1000).fill('v1,AAAA').join(' '))),
  unsigned('another secret', signed({ with: Buffer.alloc(24, 1) })),
  unsigned('the secret as a string', signed({ with: targetSecrets.WEBHOOK_SECRET })),
  unsigned('an empty secret', signed({ with: '' })),
  unsigned('signed ten minutes ago', signed({ at: seconds - 600 })),
  unsigned('signed ten minutes from now', signed({ at: seconds + 600 })),
  unsigned('a timestamp that is not a number', signed({ at: 'now' })),
  unsigned('a negative timestamp', signed({ at: -1 })),
  unsigned('the id of another event', { ...all, 'webhook-id': 'evt-2' }),
  unsigned('the time of another event', { ...all, 'webhook-timestamp': String(seconds - 1) }),
  unsigned('another body', all, text.replace('1999', '1')),
  unsigned('an additional space', all, `${text} `),
  unsigned('no body', all, ''),
  ['signed, not JSON', signed({ body: 'x' }), 'x', 400, 'bad_request'],
  ['signed, empty', signed({ body: '' }), '', 400, 'bad_request'],
  ['signed, a list', signed({ body: '[]' }), '[]', 400, 'invalid_request'],
  ...(
    [
      ['without data', { type: 'payment.succeeded' }],
      ['with half of the data', { ...paid, data: { paymentId: paid.data.paymentId } }],
      ['with a negative amount', { ...paid, data: { ...paid.data, amountCents: -1999 } }],
      ['with a fractional amount', { ...paid, data: { ...paid.data, amountCents: 0.5 } }],
      ['with an amount of 2^53', { ...paid, data: { ...paid.data, amountCents: 2 ** 53 } }],
      ['with an amount as a string', { ...paid, data: { ...paid.data, amountCents: '1999' } }],
      ['with an invalid currency', { ...paid, data: { ...paid.data, currency: 'euro' } }],
      ['with a payment id that is SQL', { ...paid, data: { ...paid.data, paymentId: "' OR 1=1 --" } }],
      ['with an order number of 1,000 characters', { ...paid, data: { ...paid.data, orderNo: 'x'.repeat(1000) } }],
    ] as const
  ).map(([name, event]): Row => {
    const body = JSON.stringify(event);
    return [`signed, ${name}`, signed({ body }), body, 400, 'invalid_request'];
  }),
  (() => {
    const body = JSON.stringify({ ...paid, x: 'y'.repeat(20_000) });
    return ['signed, 20 KB', signed({ body }), body, 413, 'body_too_large'];
  })(),
  (() => {
    const id = 'e'.repeat(200);
    return ['signed, with an id of 200 characters', signed({ id }), text, 400, 'invalid_request'];
  })(),
];

const send = (headers: Record<string, string>, body: string) =>
  callApi(target.url, '/api/v1/payments/webhook', { method: 'POST', body, headers });

for (const [name, headers, body, status, code] of rows) {
  t.test(name, async (t) => {
    const answer = await send(headers, body);
    t.match({ status: answer.status, code: answer.body.code }, { status, code }, answer.text);
  });
}

t.test('nothing was changed', (t) => target.isUnharmed(t));

t.test('a wrong amount is refunded and pays nothing', async (t) => {
  const body = JSON.stringify({ ...bobs, data: { ...bobs.data, amountCents: 1 } });
  t.match((await send(signed({ id: 'evt-cheap', body }), body)).body, { outcome: 'WRONG_AMOUNT' });
  t.equal(await stateOf('bob', bobs.data.orderNo), 'awaiting_payment');
  await waitUntil(
    'the payment is refunded',
    async () => {
      const [[row]] = await mysql.raw('SELECT state FROM payment WHERE payment_id = ?', [String(bobs.data.paymentId)]);
      if (row.state !== 'refunded') throw new Error(row.state);
    },
    { limitMs: 20_000 },
  );
  await target.settle();
  t.match((await send(signed({ id: 'evt-cheap', body }), body)).body, { outcome: 'WRONG_AMOUNT' }, 'a replay');
  const right = JSON.stringify(bobs);
  const replayed = await send(signed({ id: 'evt-cheap', body: right }), right);
  t.match(replayed.body, { outcome: 'WRONG_AMOUNT' }, 'an event id counts once, whatever its later content');
  await target.isUnharmed(t);
});

t.test('the real event pays once, however often it is replayed', async (t) => {
  t.match((await send(all, text)).body, { outcome: 'PAID' });
  t.equal(await stateOf('ann', paid.data.orderNo), 'paid');
  await target.settle();
  for (let i = 0; i < 3; i += 1) t.match((await send(all, text)).body, { outcome: 'PAID' });
  await target.isUnharmed(t);
});
