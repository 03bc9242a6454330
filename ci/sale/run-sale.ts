import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditCheck } from '../../db/audit-rules.ts';
import { auditSystem, type SystemAddresses } from '../audit/audit-system.ts';
import { describeChecks } from '../audit/describe-audit.ts';
import { checkStories } from './check-stories.ts';
import { breachesOf, type SaleResult, type Story, summarize } from './judge-sale.ts';
import { makeStock } from './make-stock.ts';
import { askForAll, askForTokens, type JwtSettings, signTokens } from './open-tokens.ts';
import { payOrder } from './pay-order.ts';
import { type CrowdProgress, runCrowd } from './run-crowd.ts';
import { type Answer, type Call, openSaleClient, type SaleClient } from './sale-client.ts';
import { saleTable } from './sale-table.ts';

export type SaleTarget = {
  url: string;
  /** Where tokens can be signed here; else each is asked for at /api/v1/demo/tokens. */
  jwt?: JwtSettings | undefined;
  /** Where the rows and the log can be read: they are then audited as well. */
  local?: SystemAddresses | undefined;
};
export type SaleOptions = {
  buyers: number;
  units: number;
  /** False: nobody pays. The sandbox gateway forgets what is on its way when its process is killed. */
  pays?: boolean;
  /** Called once the stock is there, before it opens. */
  onStock?(sid: number, opensAtMs: number): void;
};

// Enough for everybody's token and for the stock to be known everywhere.
const OPENS_AFTER_MS = 3000;
const PROGRESS_MS = 1000;
const TRIES = 20;
const EXAMPLES = 10;

/** One sale from the opening to the audit. `ok` is false where a promise was broken. */
export async function runSale(
  { url, jwt, local }: SaleTarget,
  { buyers, units, pays = true, onStock }: SaleOptions,
  print: (line: string) => void,
): Promise<{ ok: boolean; result: SaleResult; breaches: string[] }> {
  const client = openSaleClient(url);
  try {
    print(`\nThe sale: ${buyers} buyers for ${units} units, through ${url}`);
    const run = randomBytes(4).toString('hex');
    const nameOf = (index: number) => `sale-${run}-${index}`;
    const makeToken = jwt ? signTokens(jwt) : askForTokens(client);
    const adminToken = await makeToken(`sale-${run}-admin`, 'admin');
    const tokens = jwt ? undefined : await askForAll(buyers, (index) => makeToken(nameOf(index), 'buyer'));
    const tokenOf = async (index: number) => tokens?.[index] ?? makeToken(nameOf(index), 'buyer');

    const opensAtMs = Math.ceil((Date.now() + OPENS_AFTER_MS) / 1000) * 1000;
    const sid = await makeStock(client, adminToken, `Sale of ${new Date(opensAtMs).toISOString()}`, units, opensAtMs);
    print(`· stock ${sid} opens at ${new Date(opensAtMs).toISOString()}`);
    onStock?.(sid, opensAtMs);
    const openedMs = performance.now() + opensAtMs - Date.now();
    const progress = newProgress();
    const stopTelling = tellProgress(url, sid, progress, openedMs, print);
    const crowd = { client, sid, buyers, pays, opensAtMs, nameOf, tokenOf };
    const { stories, payLate } = await runCrowd(crowd, progress).finally(stopTelling);
    for (const index of payLate) {
      const story = stories[index] as Story;
      story.paid = await payOrder(client, story.confirmedNos[0] ?? '', await tokenOf(index));
    }

    print('· everybody knows the outcome; comparing what they were told with their orders');
    const { breaches, live, asked } = await checkStories({ client, sid, stories, adminToken, tokenOf });
    const audit = await auditSale(client, adminToken, sid, local);
    const { sold } = await readStock(client, sid);
    const seconds = Math.max(0, progress.lastConfirmedMs - openedMs) / 1000;
    const result = summarize(stories, { units, requests: progress.requests, sold, live, seconds }, audit);

    print(`\n${saleTable(result)}`);
    const paid = stories.filter((story) => story.paid).length;
    print(`Answers to orders: ${describeStatuses(progress.statuses)}; ${paid} buyers paid at the gateway.`);
    print(`What everybody was told was compared with the rows, and ${asked} buyers looked at their orders themselves.`);
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

function newProgress(): CrowdProgress {
  return {
    requests: 0,
    statuses: new Map(),
    pending: 0,
    confirmed: 0,
    refused: 0,
    limited: 0,
    errors: 0,
    paid: 0,
    lastConfirmedMs: 0,
  };
}

function describeStatuses(statuses: Map<number, number>): string {
  const sorted = [...statuses].sort(([a], [b]) => a - b);
  return sorted.map(([status, n]) => `${status || 'none'} × ${n}`).join(', ');
}

/** One line a second, until it is called off. */
function tellProgress(
  url: string,
  sid: number,
  progress: CrowdProgress,
  openedMs: number,
  print: (line: string) => void,
): () => Promise<void> {
  // A connection of its own: in the crowd's queue it would tell of the past.
  const client = openSaleClient(url, 1);
  const ended = new AbortController();
  let left: unknown = '?';
  let told = '';
  const readLeft = async () => {
    const { status, body } = await client.send({ method: 'GET', path: `/api/v1/stocks/${sid}` });
    if (status === 200) left = body.left;
  };
  const telling = (async () => {
    let isReading = false;
    while (!ended.signal.aborted) {
      await sleep(PROGRESS_MS, undefined, { signal: ended.signal }).catch(() => undefined);
      const { requests, confirmed, refused, limited, errors, pending, paid } = progress;
      const counts =
        `sent ${requests}, confirmed ${confirmed}, refused ${refused}, limited ${limited}, errors ${errors}, ` +
        `pending ${pending}, paid ${paid}, units left ${left}`;
      if (counts !== told) print(`  ${((performance.now() - openedMs) / 1000).toFixed(0).padStart(4)} s  ${counts}`);
      told = counts;
      if (isReading) continue;
      isReading = true;
      // The next line does not wait for it.
      void readLeft().finally(() => {
        isReading = false;
      });
    }
  })();
  return async () => {
    ended.abort();
    await telling;
    await client.close();
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
async function auditSale(
  client: SaleClient,
  token: string,
  sid: number,
  local: SystemAddresses | undefined,
): Promise<SaleResult['audit']> {
  const { body } = await insist(client, { method: 'GET', path: `/api/v1/admin/stocks/${sid}/audit`, token });
  const rows = body.checks as AuditCheck[];
  if (!local) return { ok: rows.every(({ ok }) => ok), checks: rows };
  const { stocks, log } = await auditSystem(local, sid);
  const names = new Set(rows.map(({ name }) => name));
  const more = [...stocks.flatMap(({ checks }) => checks), ...log.checks].filter(({ name }) => !names.has(name));
  const checks = [...rows, ...more];
  return { ok: checks.every(({ ok }) => ok), checks };
}
