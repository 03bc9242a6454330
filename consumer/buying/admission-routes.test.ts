import assert from 'node:assert/strict';
import { solveChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import t from 'tap';
import { waitUntil } from '../../ci/command/wait-until.ts';
import { callApi } from '../../ci/testing/clients/call-api.ts';
import { bearer } from '../../ci/testing/clients/create-token.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { waitForLog } from '../../ci/testing/orders/wait-for-log.ts';
import { createTestServers } from '../../ci/testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider, startTestWorker } from '../../ci/testing/servers/start-test-system.ts';
import { signAdmission } from '../admission/admission-token.ts';

const KEY = 'Yt5gH2jU9kI4lO7pQ1wE8rS3dF6vC0xZ';
const SHOP_KEY = 'Lk8xQv3yBm5tCj0sLd7hFg2iZp6uWn1o';
const settings = {
  ADMISSION: 'proof',
  ADMISSION_KEY: `${KEY},${SHOP_KEY}`,
  ADMISSION_WORK: '20',
  ADMISSION_LEAD: '600',
};

const servers = await createTestServers(t);
const { mysql } = servers;
const provider = await startTestProvider(t, servers);
await startTestWorker(t, servers);
const start = (more: Record<string, string> = {}) =>
  startTestConsumer(t, servers, [provider], { ...settings, ...more });
const [first, second, claims] = await Promise.all([
  start(),
  start(),
  start({ ADMISSION_CLAIM: 'phone_verified', REQUIRED_CLAIMS: 'email_verified,/account/age_days>=30' }),
]);
await waitForLog(t, servers, provider);

type Sent = { token?: string | undefined; key?: string; attempt?: number; at?: string; query?: string };
type Solved = { challenge: { parameters: Record<string, unknown> }; solution: { counter: number; derivedKey: string } };

const buy = (sid: number, buyer: string, { token, key, attempt, at = first, query = '' }: Sent = {}) =>
  callApi(`${at}/api/v1`, `/stocks/${sid}/orders${query}`, {
    as: buyer,
    method: 'POST',
    headers: {
      ...(token !== undefined && { 'admission-token': token }),
      ...(key && { 'idempotency-key': `"${key}"` }),
      ...(attempt && { 'idempotency-attempt': `${attempt}` }),
    },
  });

const readChallenge = (sid: number, buyer: string, at = first) =>
  callApi(`${at}/api/v1`, `/stocks/${sid}/admission`, { as: buyer });

async function solve(sid: number, buyer: string, at = first): Promise<Solved> {
  const { body, text } = await readChallenge(sid, buyer, at);
  t.equal(body.needed, true, text);
  const challenge = body.challenge as never;
  const { counter, derivedKey } = (await solveChallenge({ challenge, deriveKey })) ?? { counter: -1, derivedKey: '' };
  return { challenge, solution: { counter, derivedKey } };
}

const send = (sid: number, buyer: string, body: unknown, at = first) =>
  callApi(`${at}/api/v1`, `/stocks/${sid}/admission`, { as: buyer, body });

async function admit(sid: number, buyer: string): Promise<string> {
  const { status, body, text } = await send(sid, buyer, await solve(sid, buyer));
  t.equal(status, 200, text);
  return String(body.token);
}

const rowsOf = async (sid: number) => (await mysql('stock_order').where({ sid })).length;
/** On a busy machine the decision may come after the answer. */
const isTaken = ({ status }: { status: number }) => status === 201 || status === 202;
const required = { status: 403, body: { code: 'admission_required' } };

for (const query of ['', '?']) {
  const answerer = query === '' ? 'the direct answer' : 'the route';
  t.test(`${answerer}: an order needs the token of its buyer, stock and opening`, async (t) => {
    const [sid, other] = [await createTestStock(mysql), await createTestStock(mysql)];
    t.match(await buy(sid, 'ann', { query }), required, 'no token');
    const token = await admit(sid, 'ann');
    t.match(await buy(sid, 'bob', { token, query }), required, 'of another buyer');
    t.match(await buy(other, 'ann', { token, query }), required, 'of another stock');
    const later = Math.floor(Date.now() / 1000) + 600;
    const sign = (opensAtMs: number, seconds: number, key = KEY) =>
      signAdmission(key, { sid, buyer: 'ann', opensAtMs }, seconds);
    t.match(await buy(sid, 'ann', { token: sign(1, later), query }), required, 'of another opening');
    t.match(await buy(sid, 'ann', { token: sign(0, later - 601), query }), required, 'expired');
    t.match(await buy(sid, 'ann', { token: sign(0, later, 'x'.repeat(32)), query }), required, 'of another key');
    const [opening, expiry = '', mac = ''] = token.split('.');
    const changed = [
      `${opening}.${Number(expiry) + 1}.${mac}`,
      `1.${expiry}.${mac}`,
      `${opening}.${expiry}.${mac.slice(1)}A`,
    ];
    for (const altered of [...changed, '', '..', `0${token}`, `${token}, ${token}`, 'é'.repeat(60)]) {
      const answer = await buy(sid, 'ann', { token: encodeURI(altered), query });
      t.match(answer, required, `altered: ${altered}`);
    }
    t.equal(await rowsOf(sid), 0, 'nothing was written');
    t.ok(isTaken(await buy(sid, 'ann', { token, query })));
    const ofShop = signAdmission(SHOP_KEY, { sid, buyer: 'cat', opensAtMs: 0 }, later);
    t.ok(isTaken(await buy(sid, 'cat', { token: ofShop, query })));
    await waitUntil('both decisions', async () => assert.equal(await rowsOf(sid), 2), { limitMs: 15_000 });
  });
}

t.test('a token of one consumer is valid at the others', async (t) => {
  const sid = await createTestStock(mysql);
  const { status, body } = await send(sid, 'ann', await solve(sid, 'ann', second), first);
  t.equal(status, 200);
  t.ok(isTaken(await buy(sid, 'ann', { token: String(body.token), at: second })));
});

t.test('a repeat of an order that exists needs no token; an unknown one does', async (t) => {
  const sid = await createTestStock(mysql);
  const token = await admit(sid, 'ann');
  const bought = await buy(sid, 'ann', { token, key: 'a', attempt: 1 });
  t.ok(isTaken(bought), bought.text);
  await waitUntil('the decision', async () => assert.equal(await rowsOf(sid), 1), { limitMs: 15_000 });
  for (const at of [first, second]) {
    const repeat = await buy(sid, 'ann', { key: 'a', attempt: 2, at });
    t.match(repeat, { status: 201, body: { orderNo: bought.body.orderNo } }, repeat.text);
  }
  t.match(await buy(sid, 'bob', { key: 'a', attempt: 2 }), required);
  t.match(await callApi(`${first}/api/v1`, `/orders/${bought.body.orderNo}`, { as: 'ann' }), { status: 200 });
  t.equal(await rowsOf(sid), 1);
});

t.test('a refusal that holds for everybody comes first', async (t) => {
  const [none, over] = [
    await createTestStock(mysql, { count: 0 }),
    await createTestStock(mysql, { closesAtMs: Date.now() - 1000 }),
  ];
  const soon = await createTestStock(mysql, { opensAtMs: Date.now() + 3_600_000 });
  t.match(await buy(none, 'ann'), { status: 410 });
  t.match(await buy(over, 'ann'), { body: { code: 'closed' } });
  t.match(await buy(soon, 'ann'), { body: { code: 'not_open' } });
  t.match(await readChallenge(over, 'ann'), { body: { code: 'closed' } });
  t.match(await readChallenge(999_999_999, 'ann'), { body: { code: 'stock_not_found' } });
});

t.test('the challenge can be read some time before the opening, and not earlier', async (t) => {
  const opensAtMs = Date.now() + 3_600_000;
  const far = await createTestStock(mysql, { opensAtMs });
  const early = await readChallenge(far, 'ann');
  const from = new Date(opensAtMs - 600_000).toISOString();
  t.match(early, { status: 200, body: { sid: String(far), needed: true, from, challenge: null } });
  const near = await createTestStock(mysql, { opensAtMs: Date.now() + 300_000 });
  const token = await admit(near, 'ann');
  t.match(await buy(near, 'ann', { token }), { body: { code: 'not_open' } });
  await mysql('stock')
    .where({ id: near })
    .update({ opens_at: new Date(opensAtMs) });
});

t.test('a solution is of one buyer, stock and opening', async (t) => {
  const [sid, other] = [await createTestStock(mysql), await createTestStock(mysql)];
  const solved = await solve(sid, 'ann');
  const wrong = { status: 422, body: { code: 'wrong_solution' } };
  t.match(await send(sid, 'bob', solved), wrong, 'another buyer');
  t.match(await send(other, 'ann', solved), wrong, 'another stock');
  const { challenge, solution } = solved;
  const { parameters } = challenge;
  const change = (changed: object) => ({
    challenge: { ...challenge, parameters: { ...parameters, ...changed } },
    solution,
  });
  t.match(await send(sid, 'bob', change({ data: { sid, opensAtMs: 0, buyer: 'bob' } })), wrong, 'altered data');
  t.match(await send(sid, 'ann', change({ cost: 1 })), wrong, 'altered cost');
  t.match(await send(sid, 'ann', change({ expiresAt: 1 })), wrong, 'expired');
  const derivedKey = 'a'.repeat(64);
  t.match(await send(sid, 'ann', { challenge, solution: { counter: 0, derivedKey } }), wrong, 'not solved');
  const invalid = { status: 400 };
  t.match(await send(sid, 'ann', { challenge, solution: { counter: 0, derivedKey: 'zz' } }), invalid);
  t.match(await send(sid, 'ann', change({ keySignature: undefined })), invalid, 'no signature of the key');
  t.match(await send(sid, 'ann', change({ data: { deep: [[[[]]]] } })), invalid);
  const tokens = [await send(sid, 'ann', solved), await send(sid, 'ann', solved)];
  t.ok(
    tokens.every(({ status }) => status === 200),
    'sent again it admits the same buyer',
  );
  t.match(await callApi(`${first}/api/v1`, `/stocks/${sid}/admission`), { status: 401 });
});

t.test('the opening is moved: an earlier token and an earlier solution are void', async (t) => {
  const opensAtMs = Math.floor(Date.now() / 1000) * 1000 - 60_000;
  const sid = await createTestStock(mysql, { opensAtMs });
  const [token, solved] = [await admit(sid, 'ann'), await solve(sid, 'ann')];
  await mysql('stock')
    .where({ id: sid })
    .update({ opens_at: new Date(opensAtMs + 1000), version: 2 });
  const moved = new Date(opensAtMs + 1000).toISOString();
  const readOpening = async () => (await callApi(`${first}/api/v1`, `/stocks/${sid}`)).body.opensAt;
  await waitUntil('the new opening', async () => assert.equal(await readOpening(), moved), { limitMs: 15_000 });
  t.match(await send(sid, 'ann', solved), { status: 422 });
  t.match(await buy(sid, 'ann', { token }), required);
});

t.test('a claim admits without a proof of work, and claims can be required', async (t) => {
  const sid = await createTestStock(mysql);
  const ask = (path: string, own: Record<string, unknown>, method = 'POST') =>
    callApi(`${claims}/api/v1`, `/stocks/${sid}/${path}`, { method, headers: bearer('ann', { claims: own }) });
  t.match(await ask('orders', {}), { status: 403, body: { code: 'claim_required', claim: 'email_verified' } });
  const young = { email_verified: true, account: { age_days: 29 } };
  const old = { email_verified: 'true', account: { age_days: 30 } };
  const missing = { status: 403, body: { code: 'claim_required', claim: '/account/age_days>=30' } };
  t.match(await ask('orders', young), missing);
  t.match(await ask('admission', young, 'GET'), missing);
  t.match(await ask('orders', { ...old, account: { age_days: '99' } }), missing, 'a text is no number');
  t.match(await ask('orders', old), required);
  t.match(await ask('orders', { ...old, phone_verified: 'false' }), required);
  t.match(await ask('admission', { ...old, phone_verified: true }, 'GET'), {
    body: { needed: false, challenge: null },
  });
  t.ok(isTaken(await ask('orders', { ...old, phone_verified: true })));
});

t.test('draws and lines need no admission', async (t) => {
  for (const mode of ['draw', 'line']) {
    const sid = await createTestStock(mysql);
    await mysql('stock').where({ id: sid }).update({ mode, offers_only: 1, version: 2 });
    t.match(await readChallenge(sid, 'ann'), { status: 200, body: { needed: false, challenge: null } });
    t.match(await buy(sid, 'ann'), { status: 409, body: { code: 'entry_required' } });
  }
});

t.test('without the setting nothing is needed', async (t) => {
  const sid = await createTestStock(mysql);
  const off = await startTestConsumer(t, servers, [provider]);
  const readStock = async (at: string) => (await callApi(`${at}/api/v1`, `/stocks/${sid}`)).body;
  t.equal((await readStock(first)).needsAdmission, true);
  t.notHas(await readStock(off), { needsAdmission: true });
  t.match(await readChallenge(sid, 'ann', off), { status: 200, body: { needed: false, from: null, challenge: null } });
  t.ok(isTaken(await buy(sid, 'ann', { at: off })));
});
