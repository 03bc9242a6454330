import t from 'tap';
import { callApi } from '../../ci/testing/clients/call-api.ts';
import { bearer } from '../../ci/testing/clients/create-token.ts';
import { TEST_DRAW_KEY } from '../../ci/testing/draws/create-test-draw.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { createTestServers } from '../../ci/testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider } from '../../ci/testing/servers/start-test-system.ts';
import { publicKeyOf } from '../../proto/draws/sign-draw.ts';
import { isTicket } from '../../proto/draws/statement.ts';

const servers = await createTestServers(t);
const { mysql } = servers;
const provider = await startTestProvider(t, servers, { DRAWS: 'on', DRAW_KEY: TEST_DRAW_KEY });
const api = `${await startTestConsumer(t, servers, [provider])}/api/v1`;

const MINUTE = 60_000;
const at = (minutes: number) => new Date(Date.now() + minutes * MINUTE).toISOString();
const price = { amount: 1999, currency: 'EUR' };

/** Entries are open, the sale opens in an hour. */
async function createDraw(fields: object = {}): Promise<string> {
  const times = { entriesOpenAt: at(-1), entriesCloseAt: at(50), opensAt: at(60), closesAt: at(120) };
  const body = { name: 'A lamp', count: 5, price, mode: 'draw', ...times, ...fields };
  const created = await callApi(api, '/admin/stocks', { as: 'admin', body });
  t.equal(created.status, 201, created.text);
  return String(created.body.sid);
}

const enter = (sid: string | number, as: string) => callApi(api, `/stocks/${sid}/entry`, { as, method: 'POST' });
const read = (sid: string | number, as: string) => callApi(api, `/stocks/${sid}/entry`, { as });
const leave = (sid: string | number, as: string) => callApi(api, `/stocks/${sid}/entry/leave`, { as, method: 'POST' });
const problem = (status: number, code: string) => ({ status, body: { code } });

t.test('a buyer enters once, and the ticket proves it', async (t) => {
  const sid = await createDraw();
  const entered = await enter(sid, 'ann');
  t.match(entered, { status: 201, body: { sid, state: 'waiting', place: null, ahead: null, orderNo: null } });
  t.equal(entered.headers.get('location'), `/api/v1/stocks/${sid}/entry`);
  t.match(entered.headers.get('retry-after'), /^\d+$/);
  t.match(entered.headers.get('ratelimit'), /"orders"/);
  const ticket = entered.body.ticket as Record<'drawId' | 'entryId' | 'salt' | 'signature', string>;
  const [drawId, entryId, signature] = [ticket.drawId, ticket.entryId, ticket.signature].map((hex) =>
    Buffer.from(hex, 'hex'),
  );
  const key = publicKeyOf(TEST_DRAW_KEY);
  t.ok(isTicket(key, drawId as Buffer, entryId as Buffer, signature as Buffer));
  const again = await enter(sid, 'ann');
  t.match(again, { status: 200, body: { ticket } });
  t.match(await read(sid, 'ann'), { status: 200, body: { ticket, knownAt: /^20/ } });
  t.match(await read(sid, 'bob'), problem(404, 'entry_not_found'));
  t.match(await callApi(api, `/stocks/${sid}/entry`), problem(401, 'unauthorized'));
});

t.test('many who enter together share a call, and each gets an entry of his own', async (t) => {
  const sid = await createDraw();
  const answers = await Promise.all(Array.from({ length: 150 }, (_, i) => enter(sid, `buyer-${i % 75}`)));
  t.ok(answers.every(({ status }) => status === 201 || status === 200));
  const ids = new Set(answers.map(({ body }) => (body.ticket as { entryId: string }).entryId));
  t.equal(ids.size, 75);
  const [[{ entries }]] = await mysql.raw('SELECT COUNT(*) AS entries FROM entry WHERE sid = ?', [sid]);
  t.equal(entries, 75);
  const summary = await callApi(api, `/admin/stocks/${sid}/draw`, { as: 'admin' });
  t.match(summary, {
    status: 200,
    body: { waiting: 75, offered: 0, left: 0, enteredLastMinute: 75, reachesAtMost: 20 },
  });
});

t.test('a buyer leaves, and may enter again until entries close', async (t) => {
  const sid = await createDraw();
  await enter(sid, 'ann');
  t.match(await leave(sid, 'ann'), { status: 200, body: { state: 'left' } });
  t.match(await leave(sid, 'ann'), { status: 200, body: { state: 'left' } });
  t.match(await leave(sid, 'bob'), problem(404, 'entry_not_found'));
  t.match(await enter(sid, 'ann'), { status: 201, body: { state: 'waiting' } });
  const erase = (buyer: string) => callApi(api, `/admin/stocks/${sid}/entries/erase`, { as: 'admin', body: { buyer } });
  t.equal((await erase('ann')).status, 204);
  t.match(await erase('ann'), problem(404, 'entry_not_found'));
  t.match(await read(sid, 'ann'), problem(404, 'entry_not_found'));
});

t.test('too early, too late, and without a draw', async (t) => {
  const early = await createDraw({ entriesOpenAt: at(10) });
  t.match(await enter(early, 'ann'), { status: 409, body: { code: 'entries_not_open', entriesOpenAt: /^20/ } });
  const late = await createDraw();
  await enter(late, 'ann');
  await mysql.raw('UPDATE draw SET entries_close_at = NOW(3) WHERE sid = ?', [late]);
  t.match(await enter(late, 'bob'), problem(409, 'entries_closed'));
  t.match(await enter(late, 'ann'), { status: 200 }, 'a repeat gets its answer');
  const line = await createDraw({ mode: 'line' });
  await mysql.raw('UPDATE draw SET entries_close_at = NOW(3) WHERE sid = ?', [line]);
  const pending = await enter(line, 'bob');
  t.match(pending, problem(409, 'draw_pending'));
  t.match(pending.headers.get('retry-after'), /^[1-9]\d*$/);
  const rush = await createTestStock(mysql);
  t.match(await enter(rush, 'ann'), problem(404, 'no_draw'));
  const empty = await createTestStock(mysql, { count: 0 });
  t.match(await enter(empty, 'ann'), problem(404, 'no_draw'), 'no unit was ever there');
  t.match(await enter(77, 'ann'), problem(404, 'stock_not_found'));
  t.match(await callApi(api, `/stocks/${rush}/draw`), problem(404, 'no_draw'));
});

t.test('everybody sees the rules from the beginning, and neither seed nor statement before it is made', async (t) => {
  const sid = await createDraw({ mode: 'line' });
  const { status, body, headers } = await callApi(api, `/stocks/${sid}/draw`);
  t.match(
    { status, body },
    { status: 200, body: { sid, mode: 'line', attempt: 1, state: 'taking', entries: null, seed: null } },
  );
  t.match(JSON.parse(String(body.rules)), { sid: Number(sid), attempt: 1, count: 5, beacon: null });
  const same = await callApi(api, `/stocks/${sid}/draw`, { headers: { 'if-none-match': String(headers.get('etag')) } });
  t.equal(same.status, 304);
  t.match(await callApi(api, `/stocks/${sid}/draw/file`), problem(404, 'not_stated'));
  t.match((await callApi(api, `/stocks/${sid}`)).body, {
    mode: 'line',
    entriesOpenAt: /^20/,
    entriesCloseAt: /^20/,
    line: null,
  });
});

t.test('an entry is limited as an order is', async (t) => {
  const sid = await createDraw();
  const answers = await Promise.all(Array.from({ length: 30 }, () => enter(sid, 'eager')));
  t.ok(answers.some(({ status }) => status === 429));
});

t.test('an entry needs the claims that an order needs', async (t) => {
  const strict = await startTestConsumer(t, servers, [provider], { REQUIRED_CLAIMS: 'phone_verified' });
  const sid = await createDraw();
  const ask = (as: string, claims: Record<string, unknown>) =>
    callApi(`${strict}/api/v1`, `/stocks/${sid}/entry`, { method: 'POST', headers: bearer(as, { claims }) });
  const missing = { status: 403, body: { code: 'claim_required', claim: 'phone_verified' } };
  t.match(await ask('ann', {}), missing);
  const [[{ entries }]] = await mysql.raw('SELECT COUNT(*) AS entries FROM entry WHERE sid = ?', [sid]);
  t.equal(entries, 0);
  t.match(await ask('ann', { phone_verified: true }), { status: 201 });
});

t.test('a rush that is sold out has a line, and its 410 says so', async (t) => {
  const sid = await createTestStock(mysql, { count: 1 });
  await mysql.raw('UPDATE stock SET sale = 1 WHERE id = ?', [sid]);
  t.match((await callApi(api, `/stocks/${sid}`)).body, {
    state: 'sold_out',
    line: { state: 'open' },
    entriesOpenAt: null,
  });
  const order = (as: string) => callApi(api, `/stocks/${sid}/orders`, { as, method: 'POST' });
  t.match(await order('ann'), { status: 410, body: { code: 'sold_out', line: 'open' } });
  t.match(await enter(sid, 'ann'), { status: 201, body: { state: 'waiting', place: null } });
  t.match(await enter(sid, 'bob'), { status: 201 });
  const [[row]] = await mysql.raw('SELECT offers_only AS offersOnly FROM stock WHERE id = ?', [sid]);
  t.equal(row.offersOnly, 1);
});
