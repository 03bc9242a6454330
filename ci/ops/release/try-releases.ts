import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { connectMysql } from '../../../db/mysql/connect-mysql.ts';
import { createDatabase } from '../../../db/mysql/database.ts';
import { insertStock } from '../../../db/stocks/stock-table.ts';
import { createCommand } from '../../command/create-command.ts';
import { readCount } from '../../command/read-count.ts';
import { waitUntil } from '../../command/wait-until.ts';
import { readConfig } from '../../local/config.ts';
import { planFreePorts } from '../../local/ports/plan-free-ports.ts';
import { root } from '../../local/set-up/set-up.mjs';
import type { Supervisor } from '../../local/supervisor/start-supervisor.ts';
import { readOrMakeSecrets } from '../../local/system/plan-system.ts';
import { startSystem } from '../../local/system/start-system.ts';
import { withOwnSystem } from '../../local/system/with-own-system.ts';
import { signTokens } from '../../verify/sale/buyers/open-tokens.ts';
import { auditSystem } from '../audit/audit-system.ts';
import { findCalmRate } from './find-calm-rate.ts';
import { type Load, startLoad } from './load.ts';
import { sendSteadily } from './send-steadily.ts';

const usage = `Usage: node ci/ops/release/try-releases.ts [options]

Starts its own system on free ports and releases all processes with ci/bin/deploy in the middle of a sale. Exit code 1: a request
failed or an order is missing; 2: wrong input. Ends with \`releases: N passed, N failed\`.

  --rate N        maximum requests a second (default 200); halved until none fails without a release
  --releases N    number of releases (default 2)
  --help          print this`;

const SID = 77;
const UNITS = 1_000_000;
const REPLICAS = 2;
const MAX_SECONDS = 180;
const SETTLE_MS = 20_000;
// What becomes of an order that got its unit, within this time.
const SOLD = ['awaiting_payment', 'paid', 'cancelled'];

let passed = 0;
let failed = 0;
function check(what: string, ok: boolean, details: string[] = []): void {
  console.log(`${ok ? '✓' : '✗'} ${what}`);
  if (ok) passed += 1;
  else failed += 1;
  if (!ok) for (const line of details.slice(0, 10)) console.log(`    ${line}`);
}

async function deploy(dir: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const child = spawn(path.join(root, 'ci', 'bin', 'deploy'), ['local', '--no-pull', '--dir', dir], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  createInterface({ input: child.stdout }).on('line', (line) => console.log(`  ${line}`));
  return new Promise((resolve) => child.on('close', (code) => resolve(code === 0)));
}

async function makeStock(mysqlUrl: string): Promise<void> {
  const mysql = connectMysql({ url: mysqlUrl, maxConnections: 1, acquireDeadlineMs: 5000 });
  const times = { opensAtMs: null, closesAtMs: null, paused: false };
  const stock = { sid: SID, name: 'A lamp', count: UNITS, kind: 'sale', currency: 'CNY', priceCents: 1999 } as const;
  await createDatabase({ mysql, statementMs: 5000 }).session((session) => insertStock(session, { ...stock, ...times }));
  await mysql.destroy();
}

/** Every order that a buyer was told of, against the rows. 202 is decided a little later. */
async function checkOrders(mysqlUrl: string, { told }: Load): Promise<void> {
  const mysql = connectMysql({ url: mysqlUrl, maxConnections: 1, acquireDeadlineMs: 5000 });
  const readSold = async () => {
    const sql = 'SELECT order_no AS orderNo, state FROM stock_order WHERE sid = ?';
    const rows = await createDatabase({ mysql, statementMs: 10_000 }).session((s) =>
      s.rows<{ orderNo: string; state: string }>(sql, [SID]),
    );
    return new Set(rows.filter(({ state }) => SOLD.includes(state)).map(({ orderNo }) => orderNo));
  };
  let sold = await readSold();
  await waitUntil(
    'orders to be decided',
    async () => {
      sold = await readSold();
      if (sold.size < told.length) throw new Error(`${sold.size} of ${told.length}`);
    },
    { limitMs: SETTLE_MS },
  ).catch(() => undefined);
  await mysql.destroy();
  const missing = told
    .filter(({ orderNo }) => !sold.has(orderNo))
    .map((one) => `${one.orderNo}, told with ${one.status}`);
  check(`no order is lost: ${told.length} told, ${sold.size} in the rows`, missing.length === 0, missing);
}

async function tryReleases(dir: string, releases: number, maxRate: number, onOpen: (opened: Supervisor) => void) {
  const env = { ...process.env, ...(await planFreePorts()) };
  const system = await startSystem({ dir, env, processes: REPLICAS, print: console.log, onOpen });
  const config = readConfig(env);
  await makeStock(system.mysqlUrl);
  const pids = () => new Map(system.supervisor.list().map(({ name, pid }) => [name, pid]));
  const { JWT_SECRET: secret, ORDER_RECORD_KEY: orderRecordKey } = readOrMakeSecrets(dir, config);
  const crowd = startLoad(system.url, SID, signTokens({ secret, issuer: 'flash-sale', audience: 'flash-sale' }));
  const calm = await findCalmRate(crowd, maxRate, console.log);
  const { rate } = calm;
  const load = sendSteadily(rate, rate * MAX_SECONDS, (index) => crowd.visit(calm.sent + index));
  const startedAt = performance.now();
  for (let release = 1; release <= releases; release += 1) {
    console.log(`· release ${release}, at ${rate} requests a second`);
    const before = pids();
    const ok = await deploy(dir, env);
    const same = system.supervisor
      .list()
      .filter(({ kind }) => kind === 'consumer' || kind === 'provider' || kind === 'order-worker')
      .filter(({ name, pid }) => pid === undefined || pid === before.get(name))
      .map(({ name }) => name);
    check(`release ${release} replaced every process`, ok && same.length === 0, same);
  }
  const sent = await load.stop();
  const seconds = (performance.now() - startedAt) / 1000;
  await crowd.close();
  const counts = [...crowd.answers].sort().map(([what, n]) => `${what} × ${n}`);
  console.log(`· ${sent} requests in ${seconds.toFixed(1)} s: ${counts.join(', ')}`);
  check(`no request failed: ${crowd.failed.length} of ${sent}`, crowd.failed.length === 0, crowd.failed);
  await checkOrders(system.mysqlUrl, crowd);
  const { mysqlUrl, kafkaBrokers } = system;
  const audit = await auditSystem({ mysqlUrl, kafkaBrokers, topicPrefix: config.TOPIC_PREFIX, orderRecordKey }, SID);
  const broken = audit.stocks.flatMap(({ checks }) => checks).filter(({ ok }) => !ok);
  check(
    'the audit of rows and log',
    audit.ok,
    broken.map(({ name, detail }) => `${name}: ${detail}`),
  );
}

const tryReleasesCommand = createCommand({
  usage,
  options: { rate: { type: 'string', default: '200' }, releases: { type: 'string', default: '2' } },
  async run(values) {
    const releases = readCount('--releases', values.releases, 20);
    const rate = readCount('--rate', values.rate, 2000);
    await withOwnSystem('releases', (dir, onOpen) => tryReleases(dir, releases, rate, onOpen)).catch((error: Error) =>
      check(error.message, false),
    );
    console.log(`releases: ${passed} passed, ${failed} failed`);
    return failed === 0 ? 0 : 1;
  },
});

process.exit(await tryReleasesCommand(process.argv.slice(2)));
