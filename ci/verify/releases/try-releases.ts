import { connectMysql } from '../../../db/mysql/connect-mysql.ts';
import { createDatabase } from '../../../db/mysql/database.ts';
import { createChecks } from '../../command/create-checks.ts';
import { createCommand } from '../../command/create-command.ts';
import { readCount } from '../../command/read-count.ts';
import { waitUntil } from '../../command/wait-until.ts';
import { readConfig } from '../../local/config.ts';
import { planFreePorts } from '../../local/ports/plan-free-ports.ts';
import type { Supervisor } from '../../local/supervisor/start-supervisor.ts';
import { readOrMakeSecrets } from '../../local/system/plan-system.ts';
import { startSystem } from '../../local/system/start-system.ts';
import { withOwnSystem } from '../../local/system/with-own-system.ts';
import { auditSystem } from '../../ops/audit/audit-system.ts';
import type { App } from '../../ops/release/deploy-options.mjs';
import { rollOrder } from '../../ops/release/roll-system.ts';
import { signTokens } from '../sale/buyers/create-tokens.ts';
import { createHttpClient } from '../sale/buyers/http-client.ts';
import { createSaleStock } from '../sale/create-sale-stock.ts';
import { type AnsweredOrder, startLoad } from './load.ts';
import { deploy, releaseUnderLoad } from './release-under-load.ts';

const usage = `Usage: node ci/verify/releases/try-releases.ts [options]

Starts its own system on free ports and releases all processes with ci/bin/deploy during a sale. Exit code 1: a request failed or
an order is missing; 2: wrong input. Ends with \`releases: N passed, N failed\`.

  --rate N        maximum visits a second (default 200); halved until none fails without a release
  --releases N    number of releases (default 2)
  --help          print this`;

const UNITS = 1_000_000;
const REPLICAS = 2;
const SETTLE_MS = 20_000;
const CONFIRMED = ['awaiting_payment', 'paid', 'cancelled'];

const { check, finish } = createChecks();

/** Compares the orders with the rows. Orders answered with 202 are decided later. */
async function checkOrders(mysqlUrl: string, sid: number, orders: AnsweredOrder[]): Promise<void> {
  const mysql = connectMysql({ url: mysqlUrl, maxConnections: 1, acquireDeadlineMs: 5000 });
  const database = createDatabase({ mysql, statementMs: 10_000 });
  let confirmed = new Set<string>();
  const readConfirmed = async () => {
    const sql = 'SELECT order_no AS orderNo, state FROM stock_order WHERE sid = ?';
    const rows = await database.session((s) => s.rows<{ orderNo: string; state: string }>(sql, [sid]));
    confirmed = new Set(rows.filter(({ state }) => CONFIRMED.includes(state)).map(({ orderNo }) => orderNo));
    if (confirmed.size < orders.length) throw new Error(`${confirmed.size} of ${orders.length}`);
  };
  await waitUntil('orders to be decided', readConfirmed, { limitMs: SETTLE_MS }).catch(() => undefined);
  await mysql.destroy();
  const missing = orders.filter(({ orderNo }) => !confirmed.has(orderNo));
  check(
    `no order is lost: ${orders.length} answered, ${confirmed.size} in the rows`,
    missing.length === 0,
    missing.map(({ orderNo, status }) => `${orderNo}, answered with ${status}`),
  );
}

async function tryReleases(dir: string, releases: number, maxRate: number, onOpen: (opened: Supervisor) => void) {
  const env = { ...process.env, ...(await planFreePorts()) };
  const system = await startSystem({ dir, env, processes: REPLICAS, print: console.log, onOpen });
  const { url, mysqlUrl, kafkaBrokers, kafkaSecurity, supervisor } = system;
  const config = readConfig(env);
  const { JWT_SECRET: secret, ORDER_RECORD_KEY: orderRecordKey } = readOrMakeSecrets(dir, config);
  const createToken = signTokens({ secret, issuer: 'flash-sale', audience: 'flash-sale' });
  const client = createHttpClient(url, 1);
  const admin = await createToken('admin', 'admin');
  const sid = await createSaleStock(client, admin, { name: 'A lamp', count: UNITS });
  await client.close();
  const load = startLoad(url, sid, createToken);
  const sent = await releaseUnderLoad(load, maxRate, async (rate) => {
    for (let release = 1; release <= releases; release += 1) {
      console.log(`· release ${release}, at ${rate} visits a second`);
      const before = new Map(supervisor.list().map(({ name, pid }) => [name, pid]));
      const isDeployed = await deploy(['local', '--no-pull', '--dir', dir], env).then(
        () => true,
        () => false,
      );
      const apps = supervisor.list().filter(({ kind }) => rollOrder.includes(kind as App));
      const same = apps.filter(({ name, pid }) => pid === undefined || pid === before.get(name));
      const names = same.map(({ name }) => name);
      check(`release ${release} replaced every process`, isDeployed && names.length === 0, names);
    }
  });
  await load.close();
  check(`no request failed: ${load.failed.length} of ${sent}`, load.failed.length === 0, load.failed);
  await checkOrders(mysqlUrl, sid, load.orders);
  const audit = await auditSystem(
    { mysqlUrl, kafkaBrokers, kafkaSecurity, topicPrefix: config.TOPIC_PREFIX, orderRecordKey },
    sid,
  );
  const broken = audit.stocks.flatMap(({ checks }) => checks).filter(({ ok }) => !ok);
  const details = broken.map(({ name, detail }) => `${name}: ${detail}`);
  check('the audit of the rows and the log', audit.ok, details);
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
    return finish('releases');
  },
});

process.exit(await tryReleasesCommand(process.argv.slice(2)));
