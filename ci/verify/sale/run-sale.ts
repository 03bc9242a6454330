import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { auditSystem, type SystemAddresses } from '../../ops/audit/audit-system.ts';
import { describeChecks } from '../../ops/audit/describe-audit.ts';
import { auditSale } from './audit-sale.ts';
import { type BuyersFigures, describeAnswers, describeBuyers, measureBuyers } from './buyers/measure-buyers.ts';
import { type JwtSettings, requestAll, requestTokens, signTokens } from './buyers/open-tokens.ts';
import { payOrder } from './buyers/pay-order.ts';
import { type BuyersProgress, runBuyers } from './buyers/run-buyers.ts';
import { type Answer, type Call, CONNECTIONS, createSaleClient, type SaleClient } from './buyers/sale-client.ts';
import { checkHistories } from './check-histories.ts';
import { createSaleStock } from './create-sale-stock.ts';
import { breachesOf, type ObservedHistory, type SaleResult, summarize } from './judge-sale.ts';
import { reportProgress } from './report-progress.ts';
import { saleTable } from './sale-table.ts';
import { watchProcesses } from './watch-processes.ts';

export type SaleTarget = {
  url: string;
  /** Where tokens can be signed here; else each is asked for at /api/v1/demo/tokens. */
  jwt?: JwtSettings | undefined;
  /** Where the rows and the log can be read: they are then audited as well. */
  local?: SystemAddresses | undefined;
  /** The system's processes by name, where they run on this machine. */
  pids?(): Map<string, number>;
};
export type SaleOptions = {
  buyers: number;
  units: number;
  /** In which the crowd comes (1). */
  rushSeconds?: number | undefined;
  /** Most requests under way at once. */
  connections?: number | undefined;
  /** False: nobody pays. The sandbox gateway forgets what is on its way when its process is killed. */
  pays?: boolean;
  /** Called once the stock is there, before it opens. */
  onStock?(sid: number, opensAtMs: number): void;
};

// Enough for everybody's token and for the stock to be known everywhere.
const OPENS_AFTER_MS = 3000;
const TRIES = 20;
/** Where nearly everybody is refused, answers come at once, and more connections only cost: the crowd was half as fast with 1,000. */
const FEW_CONNECTIONS = 256;
const MOSTLY_REFUSED = 50;
const EXAMPLES = 10;

/** One sale from the opening to the audit. `ok` is false where a promise was broken. */
export async function runSale(
  { url, jwt, local, pids }: SaleTarget,
  { buyers, units, rushSeconds = 1, connections = connectionsFor(buyers, units), pays = true, onStock }: SaleOptions,
  print: (line: string) => void,
): Promise<{ ok: boolean; result: SaleResult & { crowd: BuyersFigures }; breaches: string[] }> {
  const client = createSaleClient(url, connections);
  try {
    print(`\nThe sale: ${buyers} buyers for ${units} units, through ${url}`);
    const run = randomBytes(4).toString('hex');
    const nameOf = (index: number) => `sale-${run}-${index}`;
    const createToken = jwt ? signTokens(jwt) : requestTokens(client);
    const adminToken = await createToken(`sale-${run}-admin`, 'admin');
    // Before the sale opens: what signing costs is not the system's.
    const tokens = await requestAll(buyers, (index) => createToken(nameOf(index), 'buyer'));
    const tokenOf = async (index: number) => tokens[index] as string;

    const opensAtMs = Math.ceil((Date.now() + OPENS_AFTER_MS) / 1000) * 1000;
    const sid = await createSaleStock(
      client,
      adminToken,
      `Sale of ${new Date(opensAtMs).toISOString()}`,
      units,
      opensAtMs,
    );
    print(`· stock ${sid} opens at ${new Date(opensAtMs).toISOString()}`);
    onStock?.(sid, opensAtMs);
    const openedMs = performance.now() + opensAtMs - Date.now();
    const progress = newProgress();
    const stopTelling = reportProgress(url, sid, progress, openedMs, print);
    const watch = pids && watchProcesses(pids());
    const crowd = { client, connections, sid, buyers, rushMs: rushSeconds * 1000, pays, opensAtMs, nameOf, tokenOf };
    const { stories, payLate } = await runBuyers(crowd, progress).finally(async () => {
      watch?.stop();
      await stopTelling();
    });
    for (const index of payLate) {
      const story = stories[index] as ObservedHistory;
      story.paid = await payOrder(client, story.confirmedNos[0] ?? '', await tokenOf(index));
    }

    print('· everybody knows the outcome; comparing what they were told with their orders');
    const { breaches, live, rows, asked } = await checkHistories({ client, sid, stories, adminToken, tokenOf });
    const audit = await auditAll(client, adminToken, sid, local);
    const { sold } = await readStock(client, sid);
    const seconds = Math.max(0, progress.lastConfirmedMs - openedMs) / 1000;
    const summary = summarize(stories, { units, requests: progress.requests, sold, live, seconds }, audit);
    const figures = measureBuyers(progress, { openedMs, rushSeconds, rows, processes: watch?.read() });
    const result = { ...summary, crowd: figures };

    print(`\n${saleTable(result)}`);
    const paid = stories.filter((story) => story.paid).length;
    print(`Answers to orders: ${describeAnswers(figures.answers)}; ${paid} buyers paid at the gateway.`);
    print(`What everybody was told was compared with the rows, and ${asked} buyers looked at their orders themselves.`);
    for (const line of describeBuyers(figures)) print(line);
    for (const line of describeChecks(audit.checks)) print(line);
    const all = [...breaches, ...breachesOf(result)];
    for (const breach of all.slice(0, EXAMPLES)) print(`✗ ${breach}`);
    if (all.length > EXAMPLES) print(`✗ and ${all.length - EXAMPLES} more`);
    if (all.length === 0) print('✓ Every unit sold once, everybody told the truth.');
    return { ok: all.length === 0, result, breaches: all };
  } finally {
    await client.close();
  }
}

function connectionsFor(buyers: number, units: number): number {
  return buyers > MOSTLY_REFUSED * units ? FEW_CONNECTIONS : CONNECTIONS;
}

function newProgress(): BuyersProgress {
  return {
    requests: 0,
    answers: new Map(),
    pending: 0,
    confirmed: 0,
    refused: 0,
    limited: 0,
    errors: 0,
    paid: 0,
    lastConfirmedMs: 0,
    firstSentMs: 0,
    lastAnsweredMs: 0,
  };
}

async function insist(client: SaleClient, call: Call): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    const answer = await client.send(call);
    if (answer.status === 200) return answer;
    if (tries === TRIES)
      throw new Error(`${call.path}: ${answer.status || 'no answer'} ${JSON.stringify(answer.body)}`);
    await sleep(answer.retryAfterMs);
  }
}

async function readStock(client: SaleClient, sid: number): Promise<{ sold: number }> {
  // What was read may be a second old.
  await sleep(1100);
  const { body } = await insist(client, { method: 'GET', path: `/api/v1/stocks/${sid}` });
  return { sold: Number(body.sold) };
}

/** The audit as administrators have it, and of the log too where that can be read. */
async function auditAll(
  client: SaleClient,
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
