import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../../db/mysql/database.ts';
import type { OrderState } from '../../../db/orders/decide-batch.ts';
import { decisionOf } from '../../../db/orders/order-table.ts';
import { auditSystem } from '../../ops/audit/audit-system.ts';
import { readDecision } from '../sale/buyers/buy-unit.ts';
import { createSaleClient } from '../sale/buyers/sale-client.ts';
import { addOutcome, contradictionsOf, type ObservedHistory } from '../sale/judge-sale.ts';
import type { Fault, Stage } from './catalog/fault.ts';
import { compareJournal, findUnanswered, type OrderRow } from './compare-journal.ts';
import { type Exchange, readJournal, startJournal } from './journal.ts';
import { findExceeded, findFat, type MemoryPeaks } from './judge-fault.ts';
import { measureBuyers, type Seen } from './measure-buyers.ts';
import { runLoad, type SaleLoad } from './run-load.ts';
import { createFaultStock } from './system/create-fault-stock.ts';
import type { FaultSystem } from './system/fault-system.ts';
import { watchMemory } from './watch-memory.ts';
import { watchStalls } from './watch-stalls.ts';

export type FaultResult = {
  name: string;
  what: string;
  seen: Seen;
  /** Units sold by the crowd, and to those who came when all was over. */
  sold: { units: number; crowd: number; last: number };
  peaksMb: MemoryPeaks;
  /** The buyers and all connections are in this process: how long the machine kept it from running. */
  stallMs: number;
  /** Promises that were broken. */
  broken: string[];
  /** Bounds that were exceeded. */
  exceeded: string[];
};

/** Seconds before and after the fault; one unit for every buyer who comes then, and while it lasts. */
const CALM_SECONDS = 7;
const MORE_BUYERS = 200;
const SOLD_AT = 0.3;
/** Before the fault it may take so many times longer than the buyers take to come. */
const SLOW = 1.5;
const SLOW_MS = 1000;
const UNDECIDED_MAX_MS = 30_000;
const LAST_AT_ONCE = 20;
// What a container of ours may have (compose.yaml).
const MAX_MEMORY_MB = 512;

/** What went wrong before anything was done says nothing about a fault. */
export class TooBusyError extends Error {
  override name = 'TooBusyError';
}

/** One sale with a fault in the middle, from the first buyer to the verdict. `onHeal` is told what ends the fault while it lasts. */
export async function runFault(
  system: FaultSystem,
  database: Database,
  sid: number,
  fault: Fault,
  perSecond: number,
  print: (line: string) => void,
  onHeal: (heal: (() => Promise<void> | void) | undefined) => void,
): Promise<FaultResult> {
  const units = Math.ceil((fault.calmSeconds ?? CALM_SECONDS) + fault.lastsMs / 1000) * perSecond;
  const name = `f${sid}`;
  const plan = { sid, units, name, buyers: units + (fault.buyers ?? MORE_BUYERS), perSecond };
  await createFaultStock(database, sid, fault.name, units);
  const file = path.join(system.dir, `journal-${sid}.jsonl`);
  const journal = startJournal(file);
  const client = createSaleClient(system.url);
  const memory = watchMemory(system.supervisor);
  const stalls = watchStalls();
  const startedMs = Date.now();
  const load = runLoad(system, client, journal, plan);
  const stage: Stage = { system, sid, database, load, print };
  try {
    await waitForCalm(load);
    const injectedMs = Date.now();
    const heal = await fault.inject(stage);
    onHeal(heal);
    await sleep(fault.lastsMs);
    await heal();
    onHeal(undefined);
    const healedMs = Date.now();
    await load.finish();
    const loadEndMs = Date.now();
    const stallMs = stalls.stop();
    const crowd = load.confirmedNos.size;
    await askAgain(stage, readJournal(file));
    const last = await sellRest(stage);
    const broken = [...(await findBroken(stage)), ...((await fault.check?.(stage)) ?? [])];
    journal.close();
    const exchanges = readJournal(file);
    const rows = await readRows(database, sid);
    broken.push(...compareJournal(exchanges, rows), ...compareHistories(load.stories, rows));
    const ofLoad = exchanges.filter(({ ask }) => ask.atMs <= loadEndMs);
    const seen = measureBuyers(ofLoad, { startedMs, injectedMs, healedMs });
    const peaksMb = memory.stop();
    const exceeded = [...findExceeded(fault.bounds, seen), ...findFat(peaksMb, MAX_MEMORY_MB)];
    const sold = { units, crowd, last };
    return { name: fault.name, what: fault.what, seen, sold, peaksMb, stallMs, broken, exceeded };
  } finally {
    load.callOff();
    memory.stop();
    stalls.stop();
    await client.close();
  }
}

/** Resolves when so much is sold that the fault may begin; rejects where the machine does not keep up as it is. */
async function waitForCalm({ plan, waitForSold, errors }: SaleLoad): Promise<void> {
  const wanted = Math.ceil(plan.units * SOLD_AT);
  const expectedMs = (wanted / plan.perSecond) * 1000;
  try {
    await waitForSold(wanted, expectedMs * SLOW + SLOW_MS);
  } catch (cause) {
    throw new TooBusyError((cause as Error).message, { cause });
  }
  if (errors() > 0) throw new TooBusyError(`${errors()} requests failed before anything was done`);
}

/** Who was told 202 and has lost patience comes back when all is over. */
async function askAgain({ system, load }: Stage, exchanges: Exchange[]): Promise<void> {
  const stories = new Map(load.stories.map((story) => [story.buyer, story]));
  const unanswered = [...Map.groupBy(exchanges, ({ ask }) => ask.buyer).values()].flatMap(findUnanswered);
  for (const { ask, answer } of unanswered) {
    const client = load.journal.keep(load.client, ask.buyer);
    const token = await system.createToken(ask.buyer, 'buyer');
    const call = { method: 'GET', path: `/api/v1/orders/${answer?.orderNo}`, token } as const;
    const { status, body } = await client.send(call);
    const story = stories.get(ask.buyer);
    if (story && status === 200 && body.state !== 'pending') addOutcome(story, readDecision(body));
  }
}

/** When all is over somebody still wants what is left, and one more is told that there is nothing. */
async function sellRest({ load, database, sid }: Stage): Promise<number> {
  let sold = 0;
  for (;;) {
    const left = await readLeft(database, sid);
    const stories = await Promise.all(Array.from({ length: Math.min(left + 1, LAST_AT_ONCE) }, () => load.buyOne()));
    const gained = stories.filter(({ kind }) => kind === 'confirmed').length;
    sold += gained;
    // Nobody of so many could buy: the comparison tells why.
    if (gained === 0) return sold;
  }
}

async function readLeft(database: Database, sid: number): Promise<number> {
  const sql = 'SELECT count - sale AS left_over FROM stock WHERE id = ?';
  const [row] = await database.session((s) => s.rows<{ left_over: number }>(sql, [sid]));
  return row?.left_over ?? 0;
}

/** The audit of rows and log, and no unit left that somebody wanted. */
async function findBroken({ system, database, sid }: Stage): Promise<string[]> {
  const left = await readLeft(database, sid);
  const { mysqlUrl, kafkaBrokers, config } = system;
  const { ORDER_RECORD_KEY: orderRecordKey } = system.secrets;
  const topicPrefix = config.TOPIC_PREFIX;
  const addresses = { mysqlUrl, kafkaBrokers, topicPrefix, orderRecordKey, pendingMaxMs: UNDECIDED_MAX_MS };
  const audit = await auditSystem(addresses, sid);
  const checks = [...audit.stocks.flatMap((stock) => stock.checks), ...audit.log.checks].filter(({ ok }) => !ok);
  return [
    ...(left > 0 ? [`${left} units left, and the last buyers did not get them`] : []),
    ...checks.map(({ name, detail }) => `audit: ${name}: ${detail}`),
  ];
}

async function readRows(database: Database, sid: number): Promise<OrderRow[]> {
  const sql = `SELECT order_no AS orderNo, buyer, state, live_order_no AS liveOrderNo FROM stock_order WHERE sid = ?`;
  return database.session((session) => session.rows<OrderRow>(sql, [sid]));
}

/** The same for what each buyer knew in the end. */
function compareHistories(stories: ObservedHistory[], rows: OrderRow[]): string[] {
  const seen = Map.groupBy(
    rows.map((row) => ({ ...row, decision: decisionOf(row.state as OrderState) })),
    ({ buyer }) => buyer,
  );
  return stories.flatMap((story) => [
    ...contradictionsOf(story, seen.get(story.buyer) ?? []),
    ...(story.kind === 'error' ? [`${story.buyer} went away with an error (${story.status || 'no answer'})`] : []),
  ]);
}
