import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import t, { type Test } from 'tap';
import { Pool } from 'undici';
import { useSession } from '../../db/use-session.ts';
import { auditSystem } from '../audit/audit-system.ts';
import { root } from '../set-up/set-up.mjs';
import type { Supervisor } from '../system/open-supervisor.ts';
import { startSystem } from '../system/start-system.ts';
import { findPortRow } from '../testing/find-port-row.ts';
import { makeStock } from '../testing/make-stock.ts';
import { makeToken, testSecrets } from '../testing/make-token.ts';
import { openTestServers, type TestServers } from '../testing/open-test-servers.ts';
import { sendSteadily } from '../testing/send-steadily.ts';
import { waitForDrain } from '../testing/wait-for-drain.ts';

const PER_SECOND = 200;
// Two minutes of it: more than two rolls take on a machine that is busy.
const MOST = 24_000;
const UNITS = 1_000_000;
const REPLICAS = 2;
// What becomes of an order that got its unit, within this test.
const sold = ['awaiting_payment', 'paid', 'cancelled'];

/** The whole system as npm start runs it, on the tests' servers. */
async function startOwnSystem(t: Test, servers: TestServers) {
  // A short name: a socket's address has 108 bytes.
  const dir = mkdtempSync(path.join(tmpdir(), 'roll-'));
  const port = await findPortRow(40);
  const env = {
    ...process.env,
    ...testSecrets,
    MYSQL_URL: servers.mysqlUrl,
    REDIS_URL: servers.redisUrl,
    KAFKA_BROKERS: servers.topics.brokers,
    TOPIC_PREFIX: servers.topics.prefix,
    NGINX_PORT: String(port),
    CONSUMER_PORT: String(port + 10),
    PROVIDER_PORT: String(port + 20),
    METRICS_PORT: String(port + 30),
    // That a machine which runs many tests at once is too busy is not what is asked here.
    EVENT_LOOP_DELAY_MS: '0',
  };
  let supervisor: Supervisor | undefined;
  t.teardown(async () => {
    await supervisor?.stop();
    rmSync(dir, { recursive: true, force: true });
  });
  const system = await startSystem({
    ...{ dir, env, processes: REPLICAS, print: () => {} },
    onOpen: (opened) => {
      supervisor = opened;
    },
  });
  return { ...system, dir, env };
}

async function deploy(dir: string, env: NodeJS.ProcessEnv): Promise<{ code: number | null; said: string }> {
  const child = spawn(path.join(root, 'ci', 'deploy'), ['local', '--no-pull', '--dir', dir], { env });
  const [said, wrong, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.on('close', resolve)),
  ]);
  return { code, said: said + wrong };
}

/** Buyers, each once, and people who look: half of the requests each. */
function openCrowd(url: string, sid: number) {
  const pool = new Pool(url, { connections: 200, pipelining: 1, headersTimeout: 10_000, bodyTimeout: 10_000 });
  const answers = new Map<string, number>();
  const failed: string[] = [];
  const told: { orderNo: string; confirmed: boolean }[] = [];

  async function call(what: string, method: 'GET' | 'POST' | 'DELETE', at: string, index: number, key?: string) {
    const headers = {
      authorization: `Bearer ${makeToken(`buyer-${index}`)}`,
      ...(key && { 'idempotency-key': `"${key}"` }),
    };
    try {
      const { statusCode, headers: answered, body } = await pool.request({ method, path: at, headers });
      const content = await body.text();
      answers.set(`${what} ${statusCode}`, (answers.get(`${what} ${statusCode}`) ?? 0) + 1);
      if (statusCode >= 400) failed.push(`${what} ${statusCode} by ${answered['x-served-by'] ?? 'nginx'}: ${content}`);
      return { statusCode, content };
    } catch (error) {
      failed.push(`${what}: ${(error as Error).message}`);
      return undefined;
    }
  }

  async function send(index: number): Promise<void> {
    if (index % 4 === 1) return void (await call('look', 'GET', `/api/v1/stocks/${sid}`, index));
    if (index % 4 === 3) return void (await call('own orders', 'GET', `/api/v1/orders?sid=${sid}`, index));
    const bought = await call('buy', 'POST', `/api/v1/stocks/${sid}/orders`, index, `key-${index}`);
    if (bought?.statusCode !== 201 && bought?.statusCode !== 202) return;
    const { orderNo } = JSON.parse(bought.content) as { orderNo: string };
    told.push({ orderNo, confirmed: bought.statusCode === 201 });
    // What changes something and is not repeated by anybody: it must get through at once.
    if (bought.statusCode === 201 && index % 10 === 0)
      await call('pay', 'POST', `/api/v1/orders/${orderNo}/payments`, index);
    if (bought.statusCode === 201 && index % 10 === 2)
      await call('cancel', 'DELETE', `/api/v1/orders/${orderNo}`, index);
  }
  return { send, answers, failed, told, close: () => pool.close() };
}

// Twelve processes are started one after the other; tap's own limit of a file is 30 s.
const LIMIT_MS = 240_000;
t.setTimeout(LIMIT_MS);

t.test('two releases in the middle of a sale: nobody notices', async (t) => {
  const servers = await openTestServers(t);
  t.setTimeout(LIMIT_MS);
  const { dir, env, url, supervisor } = await startOwnSystem(t, servers);
  const sid = await makeStock(servers.mysql, { count: UNITS });
  const pids = () => new Map(supervisor.list().map(({ name, pid }) => [name, pid]));
  const first = pids();

  const crowd = openCrowd(url, sid);
  t.teardown(crowd.close);
  const load = sendSteadily(PER_SECOND, MOST, crowd.send);
  const startedAt = performance.now();
  const said: string[] = [];
  for (const release of ['first', 'second']) {
    const { code, said: lines } = await deploy(dir, env);
    t.equal(code, 0, `${release} release: ${lines}`);
    said.push(lines);
  }
  const sent = await load.stop();
  const seconds = (performance.now() - startedAt) / 1000;

  for (const one of ['order-worker', 'provider', 'consumer'].flatMap((kind) => [`${kind}-1`, `${kind}-2`])) {
    t.not(pids().get(one), first.get(one), `${one} is a new process`);
    for (const lines of said) t.match(lines, `· ${one} … replaced`);
  }
  t.same(crowd.failed.slice(0, 20), [], 'no request fails');

  await waitForDrain(servers.topics);
  const rows = await useSession(servers.mysql, 10_000, (session) =>
    session.rows<{ orderNo: string; state: string }>(
      'SELECT order_no AS orderNo, state FROM stock_order WHERE sid = ?',
      [sid],
    ),
  );
  const confirmed = new Set(rows.filter(({ state }) => sold.includes(state)).map(({ orderNo }) => orderNo));
  const buyers = crowd.told.length;
  t.ok(buyers > 500, `${buyers} orders`);
  t.same(
    crowd.told.filter(({ orderNo }) => !confirmed.has(orderNo)),
    [],
    'every order is there',
  );
  t.equal(confirmed.size, buyers);
  const { brokers, prefix } = servers.topics;
  const audit = await auditSystem({ mysqlUrl: servers.mysqlUrl, kafkaBrokers: brokers, topicPrefix: prefix }, sid);
  t.equal(audit.ok, true, JSON.stringify(audit));

  const counts = [...crowd.answers].sort().map(([what, n]) => `${what} × ${n}`);
  t.comment(`${sent} requests in ${seconds.toFixed(1)} s, ${crowd.failed.length} failed: ${counts.join(', ')}`);
  for (const lines of said) t.comment(lines);
});
