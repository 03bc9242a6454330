import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { auditSystem, type SystemAddresses } from '../../ops/audit/audit-system.ts';
import { describeChecks } from '../../ops/audit/describe-audit.ts';
import { auditSale } from './audit-sale.ts';
import { createTokens, type JwtSettings, requestTokens, signTokens } from './buyers/create-tokens.ts';
import { createHttpClient, type HttpClient, MAX_CONNECTIONS } from './buyers/http-client.ts';
import { describeAnswers, describeLoad, type LoadFigures, measureLoad } from './buyers/measure-load.ts';
import type { ObservedHistory } from './buyers/observed-history.ts';
import { payOrder } from './buyers/pay-order.ts';
import { createProgress, runBuyers } from './buyers/run-buyers.ts';
import { sendUntil } from './buyers/send-until.ts';
import { watchProcesses } from './buyers/watch-processes.ts';
import { checkHistories } from './check-histories.ts';
import { showsUnicode } from './config.ts';
import { createSaleStock } from './create-sale-stock.ts';
import { type ClickFigures, describeClicks, measureClicks } from './describe-clicks.ts';
import { breachesOf, type SaleResult, summarize } from './judge-sale.ts';
import { reportProgress } from './report-progress.ts';
import { saleTable } from './sale-table.ts';
import { describeMachine, type MachineUse, watchMachine } from './watch-machine.ts';

export type SaleTarget = {
  url: string;
  /** Signs tokens locally; without it each token is requested from /api/v1/demo/tokens. */
  jwt?: JwtSettings | undefined;
  /** Addresses of the rows and the log, which are then audited directly too. */
  local?: SystemAddresses | undefined;
  /** Process ids by name, if the system runs on this machine. */
  pids?(): Map<string, number>;
};
export type SaleOptions = {
  buyers: number;
  units: number;
  /** All buyers arrive within this time (default 1). */
  rushSeconds?: number | undefined;
  /** Maximum number of requests in flight. */
  connections?: number | undefined;
  /** False: no buyer pays. The sandbox gateway loses pending payments when its process is killed. */
  pays?: boolean;
  /** Called when the stock exists, before it opens. */
  onStock?(sid: number, opensAtMs: number): void;
};
export type SaleReport = {
  ok: boolean;
  result: SaleResult & { clicks: ClickFigures; machine: MachineUse; load: LoadFigures };
  breaches: string[];
};

// Enough to create all tokens and for all processes to know the stock.
const OPENS_AFTER_MS = 3000;
/** If most buyers are refused, responses are immediate; 1,000 connections then halved the rate of the load. */
const FEW_CONNECTIONS = 256;
const MOSTLY_REFUSED = 50;
const MAX_BREACHES_PRINTED = 10;
/** The age limit of a cached stock, and some more. */
const STOCK_CACHED_MS = 1100;

/** One sale from the opening to the audit. `ok` is false if an invariant is violated. */
export async function runSale(
  target: SaleTarget,
  options: SaleOptions,
  print: (line: string) => void,
): Promise<SaleReport> {
  const { url, jwt } = target;
  const { buyers, units, rushSeconds = 1, connections = connectionsFor(buyers, units), pays = true } = options;
  const client = createHttpClient(url, connections);
  try {
    print(`\nThe sale: ${buyers} buyers for ${units} units, through ${url}`);
    const run = randomBytes(4).toString('hex');
    const nameOf = (index: number) => `sale-${run}-${index}`;
    const createToken = jwt ? signTokens(jwt) : requestTokens(client);
    const adminToken = await createToken(`sale-${run}-admin`, 'admin');
    // Before the sale opens, so that its figures exclude the cost of signing.
    const tokens = await createTokens(buyers, (index) => createToken(nameOf(index), 'buyer'));
    const tokenOf = (index: number) => tokens[index] as string;
    const opensAtMs = Math.ceil((Date.now() + OPENS_AFTER_MS) / 1000) * 1000;
    const opensAt = new Date(opensAtMs).toISOString();
    const sid = await createSaleStock(client, adminToken, { name: `Sale of ${opensAt}`, count: units, opensAt });
    print(`· stock ${sid} opens at ${opensAt}`);
    options.onStock?.(sid, opensAtMs);

    const openedMs = performance.now() + opensAtMs - Date.now();
    const progress = createProgress();
    const stopReporting = reportProgress(url, sid, progress, openedMs, print);
    const machine = watchMachine();
    const watch = target.pids && watchProcesses(target.pids());
    const load = { client, connections, sid, buyers, rushMs: rushSeconds * 1000, pays, opensAtMs, nameOf, tokenOf };
    const { histories, payLate } = await runBuyers(load, progress).finally(async () => {
      watch?.stop();
      machine.stop();
      await stopReporting();
    });
    for (const index of payLate) {
      const history = histories[index] as ObservedHistory;
      history.paid = await payOrder(client, history.confirmedNos[0] ?? '', tokenOf(index));
    }

    print('· all buyers have an outcome; comparing their histories with the orders');
    const checked = await checkHistories({ client, sid, histories, adminToken, tokenOf });
    const audit = await auditAll(client, adminToken, sid, target.local);
    const sold = await readSold(client, sid);
    const seconds = Math.max(0, progress.lastConfirmedMs - openedMs) / 1000;
    const facts = { units, requests: progress.requests, sold, active: checked.active, seconds };
    const figures = measureLoad(progress, { openedMs, rushSeconds, rows: checked.rows, processes: watch?.read() });
    const clicks = measureClicks(histories, { openedMs, lastConfirmedMs: progress.lastConfirmedMs });
    const use = machine.read(figures.processes);
    const result = { ...summarize(histories, facts, audit), clicks, machine: use, load: figures };
    const breaches = [...checked.breaches, ...breachesOf(result)];
    for (const line of describeSale(result, histories, checked.asked, breaches)) print(line);
    return { ok: breaches.length === 0, result, breaches };
  } finally {
    await client.close();
  }
}

function connectionsFor(buyers: number, units: number): number {
  return buyers > MOSTLY_REFUSED * units ? FEW_CONNECTIONS : MAX_CONNECTIONS;
}

function describeSale(
  result: SaleReport['result'],
  histories: ObservedHistory[],
  asked: number,
  breaches: string[],
): string[] {
  const paid = histories.filter((history) => history.paid).length;
  const lines = [
    `\n${saleTable(result)}`,
    ...describeMachine(result.machine),
    ...describeClicks(result.clicks, { unicode: showsUnicode() }),
    `Answers to orders: ${describeAnswers(result.load.answers)}; ${paid} buyers paid at the gateway.`,
    `All histories were compared with the rows, and ${asked} of them with the orders that the API shows to the buyer.`,
    ...describeLoad(result.load),
    ...describeChecks(result.audit.checks),
    ...breaches.slice(0, MAX_BREACHES_PRINTED).map((breach) => `✗ ${breach}`),
  ];
  if (breaches.length > MAX_BREACHES_PRINTED) lines.push(`✗ and ${breaches.length - MAX_BREACHES_PRINTED} more`);
  if (breaches.length === 0) lines.push('✓ Every unit was sold once, and every answer matches the rows.');
  return lines;
}

async function readSold(client: HttpClient, sid: number): Promise<number> {
  await sleep(STOCK_CACHED_MS);
  const { body } = await sendUntil(client, { method: 'GET', path: `/api/v1/stocks/${sid}` }, 200);
  return Number(body.sold);
}

/** The audit of the API, and the direct one if the addresses are known. */
async function auditAll(
  client: HttpClient,
  token: string,
  sid: number,
  local: SystemAddresses | undefined,
): Promise<SaleResult['audit']> {
  const { checks: rows } = await auditSale(client, token, sid);
  if (!local) return { ok: rows.every(({ ok }) => ok), checks: rows };
  const { stocks, log } = await auditSystem(local, sid);
  const names = new Set(rows.map(({ name }) => name));
  const more = [...stocks.flatMap(({ checks }) => checks), ...log.checks].filter(({ name }) => !names.has(name));
  const checks = [...rows, ...more];
  return { ok: checks.every(({ ok }) => ok), checks };
}
