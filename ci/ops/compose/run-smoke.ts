import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ORDER_PARTITIONS, partitionOf } from '../../../proto/kafka/partition-of.ts';
import { sumOf } from '../../command/parse-metrics.ts';
import { waitUntil } from '../../command/wait-until.ts';
import { auditSale } from '../../verify/sale/audit-sale.ts';
import { buyUnit } from '../../verify/sale/buyers/buy-unit.ts';
import { createHttpClient, type HttpClient } from '../../verify/sale/buyers/http-client.ts';
import { requestTokens, type TokenMaker } from '../../verify/sale/buyers/open-tokens.ts';
import { payOrder } from '../../verify/sale/buyers/pay-order.ts';
import { runSale } from '../../verify/sale/run-sale.ts';
import { listReplicas, type Replica, replicated } from './list-replicas.ts';
import { readMetrics } from './read-metrics.ts';
import { releaseInSale } from './release-in-sale.ts';
import { runDocker } from './run-docker.ts';

// What ci/bin/compose-smoke runs, in the project that the environment names. Everything but its eyes goes through the one
// published port. Its arguments are services of which there is one, and which are killed as well.
const alsoKilled = process.argv.slice(2);

const before = 2;
const after = 3;
const sale = { buyers: 300, units: 100 };
const upLimitMs = 240_000;
const killLimitMs = 20_000;
const servedLimitMs = 60_000;
const stopLimitMs = 60_000;
/** After the opening: half of the crowd has clicked by then. */
const killAfterMs = 100;

let passed = 0;
let failed = 0;

/** One thing that must hold. What fails is told, and the rest goes on where it can. */
async function check(what: string, work: () => Promise<string | undefined>): Promise<void> {
  const startedAt = performance.now();
  const seconds = () => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
  try {
    const detail = await work();
    passed += 1;
    console.log(`✓ ${what}${detail ? `: ${detail}` : ''} (${seconds()})`);
  } catch (error) {
    failed += 1;
    console.log(`✗ ${what}: ${(error as Error).message} (${seconds()})`);
  }
}

async function bringUp(count: number): Promise<string> {
  const scale = replicated.flatMap((service) => ['--scale', `${service}=${count}`]);
  await runDocker(['compose', 'up', '--detach', '--wait', '--no-recreate', ...scale], upLimitMs);
  const healthy = (await listReplicas()).filter(({ health }) => health === 'healthy');
  if (healthy.length !== count * replicated.length) throw new Error(`${healthy.length} are healthy`);
  return healthy.map(({ name }) => name).join(', ');
}

/** One of each kind, and that worker which decides this stock's orders. */
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
    return [worker, ...others, ...servers].filter((one) => one !== undefined);
  }
  throw new Error(`no worker has partition ${partition}`);
}

/** The sale, in the middle of which one of each kind dies at once. Resolves with the stock. */
async function sellUnderFire(url: string): Promise<number> {
  let stock = 0;
  let kill = Promise.resolve<string | undefined>(undefined);
  const onStock = (sid: number, opensAtMs: number) => {
    stock = sid;
    kill = (async () => {
      const victims = await chooseVictims(sid);
      await sleep(Math.max(0, opensAtMs + killAfterMs - Date.now()));
      const startedMs = Date.now();
      await runDocker(['kill', ...victims.map(({ id }) => id)], killLimitMs);
      const names = victims.map(({ name }) => name).join(', ');
      return `${names}, from ${startedMs - opensAtMs} to ${Date.now() - opensAtMs} ms after the opening`;
    })();
    // Awaited below; until then its failure is nobody's.
    kill.catch(() => undefined);
  };
  await check('300 buyers, 100 units', async () => {
    const { ok, breaches } = await runSale({ url }, { ...sale, pays: false, onStock }, console.log);
    if (!ok) throw new Error(breaches.slice(0, 3).join('; '));
    return 'every unit was sold once, and every answer matches the rows';
  });
  await check('one of each was killed in the middle', async () => await kill);
  return stock;
}

/** Stocks until there is one in each partition, so that every worker has something to do. */
async function makeStocks(client: HttpClient, token: string): Promise<number[]> {
  const stocks = new Map<number, number>();
  for (let tries = 0; stocks.size < ORDER_PARTITIONS && tries < 200; tries += 1) {
    const json = { name: 'Smoke', count: 1000, priceCents: 1999 };
    const { status, body } = await client.send({ method: 'POST', path: '/api/v1/admin/stocks', token, json });
    if (status !== 201) throw new Error(`no stock was made: ${status} ${JSON.stringify(body)}`);
    stocks.set(partitionOf(Number(body.sid)), Number(body.sid));
  }
  return [...stocks.values()];
}

/** Buys one of each stock for this buyer; the orders' numbers. */
async function buyOfEach(client: HttpClient, stocks: number[], token: string): Promise<string[]> {
  return await Promise.all(
    stocks.map(async (sid) => {
      const { kind, orderNo } = await buyUnit(client, { sid, token, key: randomUUID() });
      if (kind !== 'confirmed' || orderNo === undefined) throw new Error(`an order of stock ${sid} was ${kind}`);
      return orderNo;
    }),
  );
}

/** Asks until every replica of a kind has something to show for itself. */
async function everyoneServes(
  service: (typeof replicated)[number],
  count: (one: Replica) => Promise<number>,
  ask: () => Promise<void>,
): Promise<string> {
  let counts = '';
  await waitUntil(
    `work for each ${service}`,
    async () => {
      await ask();
      const replicas = (await listReplicas(service)).filter(({ state }) => state === 'running');
      const served = await Promise.all(replicas.map(async (one) => ({ name: one.name, n: await count(one) })));
      counts = served.map(({ name, n }) => `${name} ${n}`).join(', ');
      if (served.length !== after || served.some(({ n }) => n === 0)) throw new Error(counts);
    },
    { limitMs: servedLimitMs },
  );
  return counts;
}

async function showSpread(client: HttpClient, createToken: TokenMaker): Promise<number[]> {
  const adminToken = await createToken('smoke-admin', 'admin');
  let stocks: number[] = [];
  await check('an order in each partition, and one of them paid', async () => {
    stocks = await makeStocks(client, adminToken);
    const token = await createToken('smoke-payer', 'buyer');
    const [orderNo = ''] = await buyOfEach(client, stocks, token);
    if (!(await payOrder(client, orderNo, token))) throw new Error('it could not be paid');
    const path = `/api/v1/orders/${orderNo}`;
    const read = async () => {
      const { body } = await client.send({ method: 'GET', path, token });
      if (body.state !== 'paid') throw new Error(`the order is ${body.state}`);
    };
    await waitUntil('the payment', read, { limitMs: 10_000 });
    return `${stocks.length} stocks`;
  });
  // Consumers keep a stock for a second, so these reach the providers too.
  const look = async () => {
    for (const sid of stocks) await client.send({ method: 'GET', path: `/api/v1/stocks/${sid}` });
  };
  const count = (metric: string, labels: Record<string, string> = {}) => {
    return async ({ id }: Replica) => sumOf(await readMetrics(id), metric, labels);
  };
  await check('each consumer has answered', () =>
    everyoneServes('consumer', count('flashsale_http_requests_total', { outcome: 'accepted' }), look),
  );
  await check('each provider has answered', () => everyoneServes('provider', count('flashsale_rpc_calls_total'), look));
  await check('each order-worker has decided', () =>
    everyoneServes('order-worker', count('flashsale_decisions_total', { decided_by: 'log' }), async () => {
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
  await runDocker(['compose', 'stop', ...replicated], stopLimitMs);
  const ended = (await listReplicas()).filter(({ id }) => running.includes(id));
  const wrong = ended.filter(({ state, exitCode }) => state !== 'exited' || exitCode !== 0);
  if (wrong.length > 0) throw new Error(wrong.map(({ name, exitCode }) => `${name} ended with ${exitCode}`).join(', '));
  return `${ended.length} in ${((performance.now() - startedAt) / 1000).toFixed(1)} s, each with exit code 0`;
}

async function run(): Promise<void> {
  await check(`up with ${before} of each`, () => bringUp(before));
  if (failed > 0) return;
  const address = (await runDocker(['compose', 'port', 'nginx', '8080'], killLimitMs)).trim();
  if (!address.startsWith('127.0.0.1:')) throw new Error(`published on ${address}`);
  const url = `http://${address}`;
  await check('a release in the middle of a sale', () => releaseInSale(url));
  const sid = await sellUnderFire(url);
  await check(`up with ${after} of each`, () => bringUp(after));
  const client = createHttpClient(url, 20);
  try {
    const createToken = requestTokens(client);
    const stocks = await showSpread(client, createToken);
    const token = await createToken('smoke-admin', 'admin');
    await check('every promise kept, by the audit', async () => {
      for (const one of [sid, ...stocks]) await audit(client, token, one);
      return `${stocks.length + 1} stocks`;
    });
  } finally {
    await client.close();
  }
  await check('all stop by themselves', stopInTime);
}

await run().catch((error: Error) => {
  failed += 1;
  console.log(`✗ ${error.message}`);
});
console.log(`compose-smoke: ${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
