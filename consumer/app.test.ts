import t, { type Test } from 'tap';
import { auditStock } from '../ci/testing/orders/audit-stock.ts';
import { createTestStock } from '../ci/testing/orders/create-test-stock.ts';
import { waitForDrain } from '../ci/testing/orders/wait-for-drain.ts';
import { waitForLog } from '../ci/testing/orders/wait-for-log.ts';
import { createTestServers } from '../ci/testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider, startTestWorker } from '../ci/testing/servers/start-test-system.ts';
import { waitForStatements } from '../ci/testing/wait-for-statements.ts';

const servers = await createTestServers(t);
const { mysql, topics } = servers;
// Few connections each: opening dozens at once is slow on a busy machine.
const patient = { MYSQL_STATEMENT_MS: '5000', MYSQL_POOL: '6' };
const ports = [
  await startTestProvider(t, servers, { ...patient, PROCESS_NAME: 'provider-1' }),
  await startTestProvider(t, servers, { ...patient, PROCESS_NAME: 'provider-2' }),
];
for (const port of ports) await waitForLog(t, servers, port);
await startTestWorker(t, servers);
const raised = { LADDER_LIMIT: '100000', CALL_DEADLINE_MS: '4900' };
const one = await startTestConsumer(t, servers, ports, { ...raised, PROCESS_NAME: 'consumer-1' });
const two = await startTestConsumer(t, servers, ports, { ...raised, PROCESS_NAME: 'consumer-2' });

const unlimited = ['createWrongOrder', 'createPessimisticOrder', 'createOptimisticOrder'];
const limited = [
  'createOptimisticLimitOrder',
  'createOptimisticLimitOrderByRedis',
  'createOptimisticLimitOrderByRedisAndKafka',
];
const ways = [...unlimited, ...limited];

type Answer = { status: number; text: string; headers: Headers };

async function ask(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000), ...init });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

const isNumberOf = (sid: number) => new RegExp(`^${sid}-[0-9A-Z]{26}$`);

for (const way of ways) {
  t.test(`${way}: returns the order number, for any method and body`, async (t) => {
    const sid = await createTestStock(mysql, { kind: 'ladder', count: 50 });
    const requests: RequestInit[] = [
      {},
      ...['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].map((method) => ({ method })),
      { method: 'POST', body: '{"sid": ', headers: { 'content-type': 'application/json' } },
      { method: 'POST', body: 'a=1&b=2', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      { method: 'PUT', body: '<x/>', headers: { 'content-type': 'text/xml; charset=nonsense' } },
      { method: 'POST', body: new Uint8Array([0, 255, 1]) },
      { method: 'DELETE', body: '', headers: { 'content-type': 'application/json' } },
      { method: 'POST', body: 'x', headers: { 'content-type': 'no type at all' } },
      { method: 'POST', body: 'x'.repeat(60_000) },
    ];
    for (const init of requests) {
      const { status, text, headers } = await ask(`${one}/${way}/${sid}`, init);
      const said = `${init.method ?? 'GET'} ${JSON.stringify(init.headers ?? {})}`;
      t.match(text, isNumberOf(sid), said);
      t.equal(status, 200, said);
      t.match(headers.get('content-type'), /^text\/plain/);
      t.equal(headers.get('cache-control'), 'no-store');
      t.equal(headers.get('x-served-by'), 'consumer-1');
      t.match(headers.get('x-provider'), /^provider-[12]$/);
    }
    if (way.endsWith('Kafka')) await waitForDrain(topics);
    t.match(await auditStock(mysql, sid), { sale: requests.length, live: requests.length });
  });

  t.test(`${way}: an error is answered with 0 and status 200`, async (t) => {
    const sale = await createTestStock(mysql, { kind: 'sale' });
    const soldOut = await createTestStock(mysql, { kind: 'ladder', count: 0 });
    const bad = ['0', '-1', 'abc', '1.5', '1e3', '99999999999999999999', '9007199254740992', '%20', '%00', '1%2F2', ''];
    for (const sid of [sale, soldOut, 4040, ...bad]) {
      const { status, text } = await ask(`${one}/${way}/${sid}`);
      t.same({ status, text }, { status: 200, text: '0' }, `/${way}/${sid}`);
    }
    t.match(await auditStock(mysql, sale), { sale: 0, live: 0 });
  });
}

t.test('without a provider every strategy answers 0 with the header x-failed', async (t) => {
  const lonely = await startTestConsumer(t, servers, [1], { CALL_DEADLINE_MS: '500' });
  for (const way of ways) {
    const { status, text, headers } = await ask(`${lonely}/${way}/1`);
    t.same({ status, text, failed: headers.get('x-failed') }, { status: 200, text: '0', failed: '1' }, way);
  }
  t.same((await ask(`${lonely}/getStockNum`)).text, '0');
  t.equal((await ask(`${lonely}/health`)).status >= 500, true);
});

t.test('without Redis the limiter allows all requests', async (t) => {
  const without = await startTestConsumer(t, { redisUrl: 'redis://127.0.0.1:1' }, ports, { LADDER_LIMIT: '1' });
  const sid = await createTestStock(mysql, { kind: 'ladder' });
  for (let i = 0; i < 3; i += 1)
    t.match((await ask(`${without}/createOptimisticLimitOrder/${sid}`)).text, isNumberOf(sid));
});

t.test('the limiter is shared by all consumers and refuses with its text', async (t) => {
  const limits = { LADDER_LIMIT: '3', CALL_DEADLINE_MS: '4900' };
  const consumers = [
    await startTestConsumer(t, servers, ports, limits),
    await startTestConsumer(t, servers, ports, { ...limits, LADDER_LIMIT_STATUS: '429' }),
  ];
  for (const way of limited) {
    const sid = await createTestStock(mysql, { kind: 'ladder', count: 100 });
    const startedMs = performance.now();
    // One after the other: under load Redis may exceed its deadline, and then all requests pass.
    const answers: Answer[] = [];
    for (let i = 0; i < 20; i += 1) answers.push(await ask(`${consumers[i % 2]}/${way}/${sid}`));
    const most = 3 + Math.ceil(((performance.now() - startedMs) * 3) / 1000);
    const refused = answers.filter(({ text }) => text === 'request has limited');
    const through = answers.length - refused.length;
    t.ok(through >= 3 && through <= most, `${way}: ${through} went through, ${most} may`);
    t.same(
      answers.map(({ status, text }, i) => (text === 'request has limited' ? status : i % 2 ? 429 : 200)),
      answers.map((_, i) => (i % 2 ? 429 : 200)),
      'each consumer with its LADDER_LIMIT_STATUS',
    );
    await waitForDrain(topics);
    t.ok((await auditStock(mysql, sid)).live <= through, 'what was refused bought nothing');
  }
  const sid = await createTestStock(mysql, { kind: 'ladder', count: 100 });
  for (let i = 0; i < 5; i += 1)
    t.match(
      (await ask(`${consumers[0]}/createOptimisticOrder/${sid}`)).text,
      isNumberOf(sid),
      'this way has no limiter',
    );
});

t.test('/getStockNum returns the units left of stock 1, or of `?sid=`', async (t) => {
  t.equal((await ask(`${one}/getStockNum`)).text, '100');
  const sid = await createTestStock(mysql, { kind: 'ladder', count: 7 });
  for (const init of [
    {},
    { method: 'POST' },
    { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } },
  ])
    t.match(await ask(`${one}/getStockNum?sid=${sid}`, init), { status: 200, text: '7' });
  for (const wrong of ['0', 'abc', '', '4040', '1&sid=2'])
    t.match(await ask(`${one}/getStockNum?sid=${wrong}`), { status: 200, text: '0' }, wrong);
});

t.test('/health answers 200 while a provider can be reached', async (t) => {
  t.match(await ask(`${one}/health`), { status: 200, text: 'ok' });
});

t.test('LADDER=off has no strategies, but /getStockNum', async (t) => {
  const off = await startTestConsumer(t, servers, ports, { LADDER: 'off' });
  const sid = await createTestStock(mysql, { kind: 'ladder', count: 5 });
  for (const way of ways) t.equal((await ask(`${off}/${way}/${sid}`)).status, 404, way);
  t.match(await ask(`${off}/getStockNum?sid=${sid}`), { status: 200, text: '5' });
});

t.test('providers are called in turn', async (t) => {
  const seen = new Set<string | null>();
  for (let i = 0; i < 8; i += 1) seen.add((await ask(`${one}/getStockNum`)).headers.get('x-provider'));
  t.same([...seen].sort(), ['provider-1', 'provider-2']);
});

/** 60 buyers at once, by both consumers, on 20 units. */
async function burst(t: Test, way: string): Promise<{ sid: number; numbers: string[] }> {
  const sid = await createTestStock(mysql, { kind: 'ladder', count: 20 });
  const answers = await Promise.all(Array.from({ length: 60 }, (_, i) => ask(`${i % 2 ? one : two}/${way}/${sid}`)));
  t.ok(answers.every(({ status }) => status === 200));
  t.notOk(
    answers.some(({ headers }) => headers.get('x-failed')),
    'none failed',
  );
  const numbers = answers.map(({ text }) => text).filter((text) => text !== '0');
  t.equal(new Set(numbers).size, numbers.length, 'every number once');
  return { sid, numbers };
}

t.test('60 buyers on 20 units: the log sells exactly 20', async (t) => {
  const { sid, numbers } = await burst(t, 'createOptimisticLimitOrderByRedisAndKafka');
  await waitForDrain(topics);
  const audit = await auditStock(mysql, sid);
  t.match(audit, { sale: 20, live: 20 });
  t.equal(20 + (audit.states.sold_out ?? 0), numbers.length, 'every number that was answered has its row');
});

t.test('60 buyers on 20 units: pessimistic locks sell exactly 20', async (t) => {
  const { sid, numbers } = await burst(t, 'createPessimisticOrder');
  t.equal(numbers.length, 20);
  t.match(await auditStock(mysql, sid), { sale: 20, live: 20 });
});

t.test('60 buyers on 20 units: the version check sells at most 20, as many as it answered', async (t) => {
  for (const way of ['createOptimisticOrder', 'createOptimisticLimitOrder', 'createOptimisticLimitOrderByRedis']) {
    const { sid, numbers } = await burst(t, way);
    t.ok(numbers.length > 0 && numbers.length <= 20, `${way}: ${numbers.length}`);
    t.match(await auditStock(mysql, sid), { sale: numbers.length, live: numbers.length });
  }
});

t.test('the wrong strategy oversells', async (t) => {
  const sid = await createTestStock(mysql, { kind: 'ladder', count: 1 });
  const holder = await mysql.transaction();
  await holder.raw('SELECT id FROM stock WHERE id = ? FOR UPDATE', [sid]);
  const answers = Array.from({ length: 6 }, (_, i) => ask(`${i % 2 ? one : two}/createWrongOrder/${sid}`));
  await waitForStatements(mysql, 'UPDATE stock SET sale = %', 6);
  await holder.commit();
  for (const { text } of await Promise.all(answers)) t.match(text, isNumberOf(sid));
  t.match(await auditStock(mysql, sid), { count: 1, sale: 1, live: 6 });
});
