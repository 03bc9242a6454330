import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectMysql } from '../../../db/mysql/connect-mysql.ts';
import { createDatabase, type Database } from '../../../db/mysql/database.ts';
import { createStock } from '../../command/create-stock.ts';
import { waitUntil } from '../../command/wait-until.ts';
import { auditBench, type BenchAudit } from '../bench/audit-bench.ts';
import type { BenchSystem } from '../bench/bench-system.ts';
import { groupCpu } from '../bench/bench-table.ts';
import { type LoadResult, readWrkResult, runWrk, spawnWrk } from '../bench/generators/run-wrk.ts';
import { type TokenFile, writeTokens } from '../bench/generators/write-tokens.ts';
import { measureSlice } from '../bench/measure-slice.ts';
import { median } from '../bench/summarize-rounds.ts';
import { describeEnvironment } from '../describe-environment.ts';
import { type DatabaseFigure, measureAtDatabase } from './measure-at-database.ts';
import { confirmOrders, startRequests, webhookRequests, writeRequests } from './payment-requests.ts';

export type PaymentsOptions = { rounds: number; seconds: number; processes: number };

/** Medians of the rounds. A payment is a start and an event, so two requests. */
export type PaymentsResult = {
  environment: Record<string, unknown>;
  payments: { perSecond: number; p50Ms: number; p99Ms: number; refused: number };
  /** Microseconds of CPU time per payment, by kind of process. */
  cpuUsPerPayment: Record<string, number>;
  /** Payments without the services in front, in batches and each in its own transactions. */
  atDatabase: { batches: DatabaseFigure; alone: DatabaseFigure };
  orders: { alone: OrdersFigure; withPayments: OrdersFigure & { paymentsPerSecond: number } };
  audit: BenchAudit;
};
type OrdersFigure = { perSecond: number; p50Ms: number; p99Ms: number };

/** More than are expected. */
const PAYMENTS_PER_SECOND = 6000;
const ALONE_PER_SECOND = 300;
const ORDERS_PER_SECOND = 12_000;
const SID = 2_000_001;
const UNITS = 100_000_000;
/** Below the limit of one address at nginx. */
const CONNECTIONS = 64;
const FEW_CONNECTIONS = 16;
const ORDER_CONNECTIONS = 256;
const EXIT_LIMIT_MS = 30_000;
const PUBLISH_LIMIT_MS = 120_000;

type Context = { system: BenchSystem; database: Database; dir: string; seconds: number; tokens: TokenFile };

/** Payments alone, orders alone, and both at once, in turn. */
export async function runPayments(
  system: BenchSystem,
  dir: string,
  { rounds, seconds, processes }: PaymentsOptions,
  print: (line: string) => void,
): Promise<PaymentsResult> {
  const mysql = connectMysql({ url: system.mysqlUrl, maxConnections: 2, acquireDeadlineMs: 5000 });
  const database = createDatabase({ mysql, statementMs: 60_000 });
  try {
    await createStock(database, { sid: SID, name: 'Payments', count: UNITS });
    const buyers = ORDERS_PER_SECOND * seconds * (2 * rounds + 1);
    const tokens = await writeTokens(path.join(dir, 'tokens'), system.secrets.JWT_SECRET, buyers);
    const context: Context = { system, database, dir, seconds, tokens };
    print('· the first slice warms up');
    await runSlice(context, { orders: ORDER_CONNECTIONS, payments: CONNECTIONS });
    const slices = { alone: [] as Figures[], orders: [] as Figures[], both: [] as Figures[] };
    for (let round = 1; round <= rounds; round += 1) {
      slices.alone.push(await runSlice(context, { orders: 0, payments: CONNECTIONS }));
      slices.orders.push(await runSlice(context, { orders: ORDER_CONNECTIONS, payments: 0 }));
      slices.both.push(await runSlice(context, { orders: ORDER_CONNECTIONS, payments: FEW_CONNECTIONS }));
      const last = Object.entries(slices).map(([name, list]) => {
        const { paymentsPerSecond, orders } = list.at(-1) as Figures;
        return `${name} ${paymentsPerSecond} payments/s ${orders?.perSecond ?? 0} orders/s`;
      });
      print(`· round ${round} of ${rounds}: ${last.join(', ')}`);
    }
    const environment = { ...(await describeEnvironment(mysql)), processes };
    const atDatabase = { alone: await payAtDatabase(context, false), batches: await payAtDatabase(context, true) };
    return { environment, ...summarize(slices), atDatabase, audit: await auditBench(system, print) };
  } finally {
    await mysql.destroy();
  }
}

type Figures = {
  paymentsPerSecond: number;
  payments?: LoadResult;
  orders?: OrdersFigure;
  cpuUs: Record<string, number>;
};

/** One slice: starts of fresh orders and, in turn with them, webhooks of the payments that an earlier slice started. */
async function runSlice(context: Context, connections: { orders: number; payments: number }): Promise<Figures> {
  const { system, database } = context;
  const requests = connections.payments > 0 ? await preparePayments(context) : [];
  const loads: { payments?: LoadResult; orders?: LoadResult } = {};
  const load = async (): Promise<LoadResult> => {
    const running = [
      connections.payments > 0 &&
        sendPrepared(context, connections.payments, requests).then((result) => {
          loads.payments = result;
        }),
      connections.orders > 0 &&
        sendOrders(context, connections.orders).then((result) => {
          loads.orders = result;
        }),
    ];
    await Promise.all(running);
    return (loads.orders ?? loads.payments) as LoadResult;
  };
  const before = await countPaid(database);
  const slice = await measureSlice(system, load, () => waitForEvents(database));
  const paid = (await countPaid(database)) - before;
  const { payments, orders } = loads;
  return {
    paymentsPerSecond: payments ? Math.round((payments.requests - payments.refused) / 2 / payments.seconds) : 0,
    ...(payments && { payments }),
    ...(orders && {
      orders: {
        perSecond: Math.round((slice.statuses['201'] ?? 0) / orders.seconds),
        p50Ms: orders.p50Ms,
        p99Ms: orders.p99Ms,
      },
    }),
    cpuUs: groupCpu(
      Object.fromEntries(
        Object.entries(slice.cpuUsPerRequest).map(([name, us]) => [name, (us * slice.requests) / Math.max(1, paid)]),
      ),
    ),
  };
}

/** In turn: a start, and a webhook of a payment that is started. Without started payments, starts only. */
async function preparePayments({ system, database, seconds, tokens }: Context): Promise<string[]> {
  const { secrets } = system;
  const webhooks = await webhookRequests(database, secrets);
  const buyers = Array.from(
    { length: PAYMENTS_PER_SECOND * seconds },
    (_, i) => `payer-${tokens.next}-${Date.now()}-${i}`,
  );
  const starts = await startRequests(secrets, await confirmOrders(database, secrets, SID, buyers));
  await waitForEvents(database);
  return starts.flatMap((start, i) => (webhooks[i] === undefined ? [start] : [start, webhooks[i]]));
}

async function payAtDatabase({ system, database, seconds }: Context, together: boolean): Promise<DatabaseFigure> {
  const { mysqlUrl, secrets } = system;
  const count = (together ? PAYMENTS_PER_SECOND : ALONE_PER_SECOND) * seconds;
  const buyers = Array.from({ length: count }, (_, i) => `database-${together}-${i}`);
  const orders = await confirmOrders(database, secrets, SID, buyers);
  await waitForEvents(database);
  const mysqlPid = system.pids().get('mariadb');
  if (mysqlPid === undefined) throw new Error('MariaDB is not a process of this system');
  return measureAtDatabase({ mysqlUrl, mysqlPid, orders, together });
}

async function sendPrepared({ system, dir, seconds }: Context, connections: number, requests: string[]) {
  const file = path.join(dir, 'requests');
  await writeRequests(file, requests);
  const script = fileURLToPath(new URL('prepared.lua', import.meta.url));
  const args = ['-t', '1', '-c', String(connections), '-d', `${seconds}s`, '--timeout', '10s', '-s', script];
  const output = await spawnWrk([...args, system.url, '--', file], seconds * 1000 + EXIT_LIMIT_MS);
  // A slice whose requests are used up is shorter.
  return readWrkResult(output);
}

function sendOrders({ system, seconds, tokens }: Context, connections: number): Promise<LoadResult> {
  const paths = [`/api/v1/stocks/${SID}/orders`];
  return runWrk({ method: 'POST', url: system.url, paths, connections, seconds, tokens });
}

async function countPaid(database: Database): Promise<number> {
  const sql = `SELECT COUNT(*) AS paid FROM payment WHERE state = 'paid'`;
  const [row] = await database.session((session) => session.rows<{ paid: number }>(sql));
  return row?.paid ?? 0;
}

/** The order-workers publish the events of orders and payments in the background. */
function waitForEvents(database: Database): Promise<void> {
  return waitUntil(
    'the events to be published',
    async () => {
      const sql = 'SELECT order_no FROM order_event WHERE published_at IS NULL LIMIT 1';
      const rows = await database.session((session) => session.rows(sql));
      if (rows.length > 0) throw new Error('some are not');
    },
    { limitMs: PUBLISH_LIMIT_MS },
  );
}

function summarize(slices: Record<'alone' | 'orders' | 'both', Figures[]>) {
  const of = (list: Figures[], pick: (figures: Figures) => number) => Number(median(list.map(pick)).toFixed(1));
  const orders = (list: Figures[]): OrdersFigure => ({
    perSecond: of(list, (figures) => figures.orders?.perSecond ?? 0),
    p50Ms: of(list, (figures) => figures.orders?.p50Ms ?? 0),
    p99Ms: of(list, (figures) => figures.orders?.p99Ms ?? 0),
  });
  const { alone, both } = slices;
  const groups = Object.keys(alone[0]?.cpuUs ?? {});
  return {
    payments: {
      perSecond: of(alone, ({ paymentsPerSecond }) => paymentsPerSecond),
      p50Ms: of(alone, ({ payments }) => payments?.p50Ms ?? 0),
      p99Ms: of(alone, ({ payments }) => payments?.p99Ms ?? 0),
      refused: alone.reduce((sum, { payments }) => sum + (payments?.refused ?? 0), 0),
    },
    cpuUsPerPayment: Object.fromEntries(
      groups.map((group) => [group, Math.round(of(alone, ({ cpuUs }) => cpuUs[group] ?? 0))]),
    ),
    orders: {
      alone: orders(slices.orders),
      withPayments: { ...orders(both), paymentsPerSecond: of(both, ({ paymentsPerSecond }) => paymentsPerSecond) },
    },
  };
}
