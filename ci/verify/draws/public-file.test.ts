import { execFile } from 'node:child_process';
import path from 'node:path';
import t from 'tap';
import { claimDraw, releaseClaim } from '../../../db/draws/steps/claim-draw.ts';
import { createDatabase } from '../../../db/mysql/database.ts';
import { quicknetBeacon } from '../../../order-worker/draws/fetch-beacon.ts';
import { workOnDraw } from '../../../order-worker/draws/work-on-draw.ts';
import { readSeenStatement, readTicket } from '../../../proto/draws/verify/read-proofs.ts';
import { verifyDraw } from '../../../proto/draws/verify/verify-draw.ts';
import { realClock } from '../../../proto/process/clock.ts';
import { waitUntil } from '../../command/wait-until.ts';
import { root } from '../../local/set-up/set-up.mjs';
import { callApi } from '../../testing/clients/call-api.ts';
import { TEST_DRAW_KEY } from '../../testing/draws/create-test-draw.ts';
import { createTestStock } from '../../testing/orders/create-test-stock.ts';
import { createTestServers } from '../../testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider } from '../../testing/servers/start-test-system.ts';

// A draw of real processes, from entering to the public file, which both verifiers check.

const servers = await createTestServers(t);
const { mysql } = servers;
const provider = await startTestProvider(t, servers, { DRAWS: 'on', DRAW_KEY: TEST_DRAW_KEY });
const url = await startTestConsumer(t, servers, [provider]);
const api = `${url}/api/v1`;
const database = createDatabase({ mysql, statementMs: 5000 });
const at = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

async function createDraw(): Promise<string> {
  const times = { entriesOpenAt: at(-1), entriesCloseAt: at(50), opensAt: at(60), closesAt: at(120) };
  const body = { name: 'A lamp', count: 5, price: { amount: 1999, currency: 'EUR' }, mode: 'draw' };
  const created = await callApi(api, '/admin/stocks', { as: 'admin', body: Object.assign(body, times) });
  t.equal(created.status, 201, created.text);
  return String(created.body.sid);
}

async function drawNow(sid: number, attempt = 1): Promise<void> {
  await mysql.raw('UPDATE draw SET entries_close_at = NOW(3) WHERE sid = ? AND attempt = ?', [sid, attempt]);
  const claim = await claimDraw(database, { sid, attempt }, { clock: realClock, shouldStop: () => false });
  if (!claim) throw new Error('the draw has no claim');
  const fetchBeacon = () => Promise.reject(new Error('the rules name no beacon'));
  const drawKey = TEST_DRAW_KEY;
  await workOnDraw({ database, drawKey, beacon: quicknetBeacon, fetchBeacon, onStep: () => {} }, claim);
  await database.session((session) => releaseClaim(session, claim));
}

function runPython(file: string): Promise<number> {
  const program = path.join(root, 'proto', 'draws', 'verify_draw.py');
  return new Promise((resolve) => {
    execFile('python3', [program, file], { timeout: 60_000 }, (error) => resolve(error ? Number(error.code) : 0));
  });
}

t.test('the file of a draw holds, and each buyer finds the place that the shop says', async (t) => {
  const sid = await createDraw();
  const buyers = Array.from({ length: 12 }, (_, i) => `buyer-${i}`);
  const call = (what: string, as: string) => callApi(api, `/stocks/${sid}/entry${what}`, { as, method: 'POST' });
  for (const buyer of buyers) t.equal((await call('', buyer)).status, 201);
  t.equal((await call('/leave', 'buyer-3')).status, 200);
  await drawNow(Number(sid));
  t.equal((await call('/leave', 'buyer-5')).status, 200);

  // The answer is at most a second old.
  const readSeen = async () => {
    const { body, text } = await callApi(api, `/stocks/${sid}/draw`);
    if (body.state !== 'drawn') throw new Error(`it is ${body.state}`);
    return readSeenStatement(text);
  };
  const seen = await waitUntil('the draw', readSeen, { limitMs: 10_000 });
  const { status, text } = await callApi(api, `/stocks/${sid}/draw/file`);
  t.equal(status, 200, text);
  const verified = verifyDraw(text, { seen });
  t.ok(verified.ok, JSON.stringify(verified.checks));
  t.equal(verified.file?.entryCount, 11);
  t.equal(verified.file?.left.length, 32, 'one left after closing');
  for (const buyer of buyers.filter((name) => name !== 'buyer-3' && name !== 'buyer-5')) {
    const { body } = await callApi(api, `/stocks/${sid}/entry`, { as: buyer });
    const ticket = readTicket(JSON.stringify(Object.assign({ buyer }, body)));
    const { checks } = verifyDraw(text, { ticket });
    const detail = checks.find(({ name }) => name === 'ticket')?.detail ?? '';
    t.ok(detail.endsWith(`, at place ${body.place} of 11`), `${detail}; the shop says ${body.place}`);
  }
  const dir = t.testdir({ 'draw.txt': text });
  t.equal(await runPython(path.join(dir, 'draw.txt')), 0);
});

t.test('the files of the first and the second line of a rush hold too', async (t) => {
  const sid = await createTestStock(mysql, { count: 1 });
  await mysql.raw('UPDATE stock SET sale = 1 WHERE id = ?', [sid]);
  const enter = (as: string) => callApi(api, `/stocks/${sid}/entry`, { as, method: 'POST' });
  t.equal((await enter('ann')).status, 201);
  await drawNow(sid);
  t.equal((await enter('eve')).status, 201, 'behind the draw');
  // As when no entry waits any more.
  await mysql.raw(`UPDATE entry SET state = 'offered' WHERE sid = ?`, [sid]);
  await mysql.raw('UPDATE draw SET ended_at = NOW(3), offered_place = last_place WHERE sid = ?', [sid]);
  await mysql.raw('UPDATE stock SET offers_only = 0, version = version + 1 WHERE id = ?', [sid]);
  t.equal((await enter('bob')).status, 201);
  await drawNow(sid, 2);
  const readFile = async () => {
    const file = await callApi(api, `/stocks/${sid}/draw/file`);
    if (file.status !== 200) throw new Error(file.text);
    return file.text;
  };
  const text = await waitUntil('the file', readFile, { limitMs: 15_000 });
  const { ok, checks, file } = verifyDraw(text);
  t.ok(ok, JSON.stringify(checks));
  t.match(file, { parsedRules: { attempt: 2 }, earlier: [{ kind: 'ended' }], entryCount: 1 });
  t.equal(await runPython(path.join(t.testdir({ 'line.txt': text }), 'line.txt')), 0);

  const { body: draw } = await callApi(api, `/stocks/${sid}/draw`);
  t.match(draw, { attempt: 2, endedAttempts: [{ attempt: 1, drawId: /^[0-9a-f]{64}$/, endedAt: /^20/ }] });
  const ended = await callApi(api, `/stocks/${sid}/draw/file?attempt=1`);
  t.match(ended.headers.get('content-disposition'), `draw-${sid}-1.txt`);
  const first = verifyDraw(ended.text);
  t.ok(first.ok, JSON.stringify(first.checks));
  t.match(first.file, { parsedRules: { attempt: 1 }, earlier: [], entryCount: 1 });
  const { body } = await callApi(api, `/stocks/${sid}/entry`, { as: 'ann' });
  const ticket = readTicket(JSON.stringify(Object.assign({ buyer: 'ann' }, body)));
  t.ok(verifyDraw(ended.text, { ticket }).ok, 'the ticket of the first line');
  t.equal((await callApi(api, `/stocks/${sid}/draw/file?attempt=2`)).text, text);
  t.match(await callApi(api, `/stocks/${sid}/draw/file?attempt=3`), { status: 404, body: { code: 'not_stated' } });
  t.equal((await callApi(api, `/stocks/${sid}/draw/file?attempt=0`)).status, 400);
});
