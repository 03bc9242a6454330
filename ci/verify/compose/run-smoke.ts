import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ORDER_PARTITIONS, partitionOf } from '../../../proto/kafka/partition-of.ts';
import { createChecks } from '../../command/create-checks.ts';
import { sumOf } from '../../command/parse-metrics.ts';
import { secondsSince } from '../../command/seconds-since.ts';
import { waitUntil } from '../../command/wait-until.ts';
import { listReplicas, type Replica, replicated } from '../../ops/compose/list-replicas.ts';
import { readMetrics } from '../../ops/compose/read-metrics.ts';
import { runDocker } from '../../ops/compose/run-docker.ts';
import { auditSale } from '../sale/audit-sale.ts';
import { buyUnit } from '../sale/buyers/buy-unit.ts';
import { requestTokens, type TokenMaker } from '../sale/buyers/create-tokens.ts';
import { createHttpClient, type HttpClient } from '../sale/buyers/http-client.ts';
import { payOrder } from '../sale/buyers/pay-order.ts';
import { createSaleStock } from '../sale/create-sale-stock.ts';
import { runSale } from '../sale/run-sale.ts';
import { releaseInSale } from './release-in-sale.ts';

// Run by ci/bin/compose-smoke, in the project of the environment. All requests go through the published port of nginx. Arguments:
// more services with one container each that are killed too.
const alsoKilled = process.argv.slice(2);

const BEFORE = 2;
const AFTER = 3;
const SALE = { buyers: 300, units: 100 };
const UP_LIMIT_MS = 240_000;
const KILL_LIMIT_MS = 20_000;
const SERVED_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 60_000;
/** After the opening, when half of the buyers have sent their order. */
const KILL_AFTER_MS = 100;

const { check, counts, finish } = createChecks();

/** Runs a check; when it fails, the others still run. */
async function run(title: string, work: () => Promise<string | undefined>): Promise<void> {
  const startedAt = performance.now();
  const result = await work().then(
    (detail) => ({ ok: true, detail }),
    (error: Error) => ({ ok: false, detail: error.message }),
  );
  check(`${title}${result.detail ? `: ${result.detail}` : ''} (${secondsSince(startedAt)})`, result.ok);
}

async function bringUp(count: number): Promise<string> {
  const scale = replicated.flatMap((service) => ['--scale', `${service}=${count}`]);
  await runDocker(['compose', 'up', '--detach', '--wait', '--no-recreate', ...scale], UP_LIMIT_MS);
  const healthy = (await listReplicas()).filter(({ health }) => health === 'healthy');
  if (healthy.length !== count * replicated.length) throw new Error(`${healthy.length} are healthy`);
  return healthy.map(({ name }) => name).join(', ');
}

/** One replica of each kind, among them the worker that decides the orders of this stock. */
async function chooseVictims(sid: number): Promise<Replica[]> {
  const replicas = await listReplicas();
  const partition = String(partitionOf(sid));
  for (const worker of replicas.filter(({ service }) => service === 'order-worker')) {
    const owns = (await readMetrics(worker.id)).some(
      ({ name, labels }) => name === 'flashsale_log_lag_records' && labels.partition === partition,
    );
    if (!owns) continue;
    const others = ['consumer', 'provider'].map((kind) => replicas.find(({ service }) => service === kind));
    const servers = alsoKilled.length > 0 ? await listReplicas(...alsoKilled) : [];
    return [worker, ...others, ...servers].filter((replica) => replica !== undefined);
  }
  throw new Error(`no worker owns partition ${partition}`);
}

/** A sale during which one replica of each kind is killed. Resolves with the stock. */
async function sellDuringKill(url: string): Promise<number> {
  let stock = 0;
  let kill = Promise.resolve<string | undefined>(undefined);
  const onStock = (sid: number, opensAtMs: number) => {
    stock = sid;
    kill = (async () => {
      const victims = await chooseVictims(sid);
      await sleep(Math.max(0, opensAtMs + KILL_AFTER_MS - Date.now()));
      const startedMs = Date.now();
      await runDocker(['kill', ...victims.map(({ id }) => id)], KILL_LIMIT_MS);
      const names = victims.map(({ name }) => name).join(', ');
      return `${names}, from ${startedMs - opensAtMs} to ${Date.now() - opensAtMs} ms after the opening`;
    })();
    // Awaited below.
    kill.catch(() => undefined);
  };
  await run('300 buyers, 100 units', async () => {
    const { ok, breaches } = await runSale({ url }, { ...SALE, pays: false, onStock }, console.log);
    if (!ok) throw new Error(breaches.slice(0, 3).join('; '));
    return 'every unit was sold once, and every answer matches the rows';
  });
  await run('one replica of each kind was killed during the sale', async () => await kill);
  return stock;
}

/** Creates stocks until each partition has one, so that every worker gets orders. */
async function createStocks(client: HttpClient, token: string): Promise<number[]> {
  const stocks = new Map<number, number>();
  for (let tries = 0; stocks.size < ORDER_PARTITIONS && tries < 200; tries += 1) {
    const sid = await createSaleStock(client, token, { name: 'Smoke', count: 1000 });
    stocks.set(partitionOf(sid), sid);
  }
  return [...stocks.values()];
}

/** Buys one unit of each stock. Resolves with the order numbers. */
async function buyOfEach(client: HttpClient, stocks: number[], token: string): Promise<string[]> {
  return await Promise.all(
    stocks.map(async (sid) => {
      const { kind, orderNo } = await buyUnit(client, { sid, token, key: randomUUID() });
      if (kind !== 'confirmed' || orderNo === undefined) throw new Error(`an order of stock ${sid} was ${kind}`);
      return orderNo;
    }),
  );
}

/** Sends requests until every replica of a kind has handled one. */
async function waitUntilAllServe(
  service: (typeof replicated)[number],
  count: (replica: Replica) => Promise<number>,
  send: () => Promise<void>,
): Promise<string> {
  let counts = '';
  await waitUntil(
    `requests at each ${service}`,
    async () => {
      await send();
      const replicas = (await listReplicas(service)).filter(({ state }) => state === 'running');
      const served = await Promise.all(
        replicas.map(async (replica) => ({ name: replica.name, n: await count(replica) })),
      );
      counts = served.map(({ name, n }) => `${name} ${n}`).join(', ');
      if (served.length !== AFTER || served.some(({ n }) => n === 0)) throw new Error(counts);
    },
    { limitMs: SERVED_LIMIT_MS },
  );
  return counts;
}

async function showSpread(client: HttpClient, createToken: TokenMaker): Promise<number[]> {
  const adminToken = await createToken('smoke-admin', 'admin');
  let stocks: number[] = [];
  await run('an order in each partition, and one of them paid', async () => {
    stocks = await createStocks(client, adminToken);
    const token = await createToken('smoke-payer', 'buyer');
    const [orderNo = ''] = await buyOfEach(client, stocks, token);
    if (!(await payOrder(client, orderNo, token))) throw new Error('the payment failed');
    const path = `/api/v1/orders/${orderNo}`;
    const read = async () => {
      const { body } = await client.send({ method: 'GET', path, token });
      if (body.state !== 'paid') throw new Error(`the order is ${body.state}`);
    };
    await waitUntil('the payment', read, { limitMs: 10_000 });
    return `${stocks.length} stocks`;
  });
  // Consumers cache a stock for a second, so some of these reach the providers.
  const look = async () => {
    for (const sid of stocks) await client.send({ method: 'GET', path: `/api/v1/stocks/${sid}` });
  };
  const count = (metric: string, labels: Record<string, string> = {}) => {
    return async ({ id }: Replica) => sumOf(await readMetrics(id), metric, labels);
  };
  await run('each consumer has answered', () =>
    waitUntilAllServe(
      'consumer',
      count('http_server_request_duration_seconds_count', { http_response_status_code: '200' }),
      look,
    ),
  );
  await run('each provider has answered', () =>
    waitUntilAllServe('provider', count('rpc_server_duration_seconds_count'), look),
  );
  await run('each order-worker has decided', () =>
    waitUntilAllServe('order-worker', count('flashsale_decisions_total', { decided_by: 'log' }), async () => {
      await buyOfEach(client, stocks, await createToken(`smoke-${randomUUID()}`, 'buyer'));
    }),
  );
  return stocks;
}

async function audit(client: HttpClient, token: string, sid: number): Promise<void> {
  const broken = (await auditSale(client, token, sid)).checks.filter(({ ok }) => !ok);
  if (broken.length > 0) throw new Error(`stock ${sid}: ${broken.map(({ detail }) => detail).join('; ')}`);
}

async function stopInTime(): Promise<string> {
  const running = (await listReplicas()).filter(({ state }) => state === 'running').map(({ id }) => id);
  const startedAt = performance.now();
  await runDocker(['compose', 'stop', ...replicated], STOP_LIMIT_MS);
  const ended = (await listReplicas()).filter(({ id }) => running.includes(id));
  const wrong = ended.filter(({ state, exitCode }) => state !== 'exited' || exitCode !== 0);
  if (wrong.length > 0) throw new Error(wrong.map(({ name, exitCode }) => `${name} ended with ${exitCode}`).join(', '));
  return `${ended.length} in ${secondsSince(startedAt)}, each with exit code 0`;
}

async function main(): Promise<void> {
  await run(`up with ${BEFORE} of each`, () => bringUp(BEFORE));
  if (counts.failed > 0) return;
  const address = (await runDocker(['compose', 'port', 'nginx', '8080'], KILL_LIMIT_MS)).trim();
  if (!address.startsWith('127.0.0.1:')) throw new Error(`published on ${address}`);
  const url = `http://${address}`;
  await run('a release during a sale', () => releaseInSale(url));
  const sid = await sellDuringKill(url);
  await run(`up with ${AFTER} of each`, () => bringUp(AFTER));
  const client = createHttpClient(url, 20);
  try {
    const createToken = requestTokens(client);
    const stocks = await showSpread(client, createToken);
    const token = await createToken('smoke-admin', 'admin');
    await run('the audit of all stocks', async () => {
      for (const stock of [sid, ...stocks]) await audit(client, token, stock);
      return `${stocks.length + 1} stocks`;
    });
  } finally {
    await client.close();
  }
  await run('all processes stop in time', stopInTime);
}

await main().catch((error: Error) => check(error.message, false));
process.exitCode = finish('compose-smoke');
