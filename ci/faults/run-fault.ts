import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { useSession } from '../../db/use-session.ts';
import { auditSystem } from '../audit/audit-system.ts';
import { contradictionsOf, type Story } from '../sale/judge-sale.ts';
import { openSaleClient } from '../sale/sale-client.ts';
import { compareJournal, type OrderRow } from './compare-journal.ts';
import type { Fault, Stage } from './fault.ts';
import { findExceeded, findFat, type MemoryPeaks } from './judge-fault.ts';
import { makeStock } from './make-stock.ts';
import { measureBuyers, type Seen } from './measure-buyers.ts';
import type { FaultSystem } from './open-fault-system.ts';
import { runLoad } from './run-load.ts';
import { watchMemory } from './watch-memory.ts';
import { openJournal, readJournal } from './write-journal.ts';

export type FaultResult = {
  name: string;
  what: string;
  seen: Seen;
  /** Units sold by the crowd, and to those who came when all was over. */
  sold: { units: number; crowd: number; last: number };
  peaksMb: MemoryPeaks;
  /** Promises that were broken. */
  broken: string[];
  /** Bounds that were exceeded. */
  exceeded: string[];
};

/** Enough for the calm before and after; and one for every buyer who comes while the fault lasts. */
const CALM_UNITS = 900;
const PER_SECOND = 100;
const MORE_BUYERS = 300;
const SOLD_AT = 0.3;
const SOLD_LIMIT_MS = 30_000;
const STATEMENT_MS = 10_000;
const UNDECIDED_MAX_MS = 30_000;
const LAST_AT_ONCE = 20;
// What a container of ours may have (compose.yaml).
const MEMORY_MOST_MB = 512;

/** One sale with a fault in the middle, from the first buyer to the verdict. `onHeal` is told what ends the fault while it lasts. */
export async function runFault(
  system: FaultSystem,
  mysql: Knex,
  sid: number,
  fault: Fault,
  print: (line: string) => void,
  onHeal: (heal: (() => Promise<void> | void) | undefined) => void,
): Promise<FaultResult> {
  const units = fault.units ?? CALM_UNITS + Math.ceil((fault.lastsMs / 1000) * PER_SECOND);
  const name = `f${sid}`;
  const plan = { sid, units, name, buyers: units + (fault.buyers ?? MORE_BUYERS), perSecond: PER_SECOND };
  await makeStock(mysql, sid, fault.name, units);
  const file = path.join(system.dir, `journal-${sid}.jsonl`);
  const journal = openJournal(file);
  const client = openSaleClient(system.url);
  const memory = watchMemory(system.supervisor);
  const startedMs = Date.now();
  const load = runLoad(system, client, journal, plan);
  const stage: Stage = { system, sid, mysql, load, print };
  try {
    await load.waitForSold(Math.ceil(units * SOLD_AT), SOLD_LIMIT_MS);
    const injectedMs = Date.now();
    const heal = await fault.inject(stage);
    onHeal(heal);
    await sleep(fault.lastsMs);
    await heal();
    onHeal(undefined);
    const healedMs = Date.now();
    await load.finish();
    const crowdEndMs = Date.now();
    const crowd = load.confirmedNos.size;
    const last = await sellRest(stage);
    const broken = [...(await findBroken(stage)), ...((await fault.check?.(stage)) ?? [])];
    journal.close();
    const exchanges = readJournal(file);
    const rows = await readRows(mysql, sid);
    broken.push(...compareJournal(exchanges, rows), ...compareStories(load.stories, rows));
    const ofCrowd = exchanges.filter(({ ask }) => ask.atMs <= crowdEndMs);
    const seen = measureBuyers(ofCrowd, { startedMs, injectedMs, healedMs });
    const peaksMb = memory.stop();
    const exceeded = [...findExceeded(fault.bounds, seen), ...findFat(peaksMb, MEMORY_MOST_MB)];
    return { name: fault.name, what: fault.what, seen, sold: { units, crowd, last }, peaksMb, broken, exceeded };
  } finally {
    load.callOff();
    memory.stop();
    await client.close();
  }
}

/** When all is over somebody still wants what is left, and one more is told that there is nothing. */
async function sellRest({ load, mysql, sid }: Stage): Promise<number> {
  let sold = 0;
  for (;;) {
    const left = await readLeft(mysql, sid);
    const stories = await Promise.all(Array.from({ length: Math.min(left + 1, LAST_AT_ONCE) }, () => load.buyOne()));
    const gained = stories.filter(({ kind }) => kind === 'confirmed').length;
    sold += gained;
    // Nobody of so many could buy: the comparison tells why.
    if (gained === 0) return sold;
  }
}

async function readLeft(mysql: Knex, sid: number): Promise<number> {
  const sql = 'SELECT count - sale AS left_over FROM stock WHERE id = ?';
  const [row] = await useSession(mysql, STATEMENT_MS, (s) => s.rows<{ left_over: number }>(sql, [sid]));
  return row?.left_over ?? 0;
}

/** The audit of rows and log, and no unit left that somebody wanted. */
async function findBroken({ system, mysql, sid }: Stage): Promise<string[]> {
  const left = await readLeft(mysql, sid);
  const { mysqlUrl, kafkaBrokers, config } = system;
  const addresses = { mysqlUrl, kafkaBrokers, topicPrefix: config.TOPIC_PREFIX, undecidedMaxMs: UNDECIDED_MAX_MS };
  const audit = await auditSystem(addresses, sid);
  const checks = [...audit.stocks.flatMap((stock) => stock.checks), ...audit.log.checks].filter(({ ok }) => !ok);
  return [
    ...(left > 0 ? [`${left} units left, and the last buyers did not get them`] : []),
    ...checks.map(({ name, detail }) => `audit: ${name}: ${detail}`),
  ];
}

async function readRows(mysql: Knex, sid: number): Promise<OrderRow[]> {
  const sql = `SELECT order_no AS orderNo, buyer, state, live_order_no AS liveOrderNo FROM stock_order WHERE sid = ?`;
  return useSession(mysql, STATEMENT_MS, (session) => session.rows<OrderRow>(sql, [sid]));
}

/** The same for what each buyer knew in the end. */
function compareStories(stories: Story[], rows: OrderRow[]): string[] {
  const decisionOf = ({ state }: OrderRow) =>
    state === 'sold_out' ? 'SOLD_OUT' : state === 'duplicate' ? 'DUPLICATE' : 'CONFIRMED';
  const seen = Map.groupBy(
    rows.map((row) => ({ ...row, decision: decisionOf(row) })),
    ({ buyer }) => buyer,
  );
  return stories.flatMap((story) => [
    ...contradictionsOf(story, seen.get(story.buyer) ?? []),
    ...(story.kind === 'error' ? [`${story.buyer} went away with an error (${story.status || 'no answer'})`] : []),
  ]);
}
