import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../../db/mysql/database.ts';
import { createStock } from '../../command/create-stock.ts';
import { createHttpClient } from '../sale/buyers/http-client.ts';
import { type AlarmJudgement, judgeAlarms } from './alarms/judge-alarms.ts';
import type { Fault, Heal, Stage } from './catalog/fault.ts';
import { findExceeded, findMemoryExceeded } from './exceeded-bounds.ts';
import { findBreaches, pollUnanswered, sellRest } from './find-breaches.ts';
import { readJournal, startJournal } from './load/journal.ts';
import { type FaultFigures, measureFault } from './load/measure-fault.ts';
import { runLoad, type SaleLoad } from './load/run-load.ts';
import type { FaultSystem } from './system/fault-system.ts';
import { type MemoryPeaks, watchMemory } from './system/watch-memory.ts';
import { watchStalls } from './system/watch-stalls.ts';

export type RunFaultOptions = {
  system: FaultSystem;
  database: Database;
  /** The id of the stock to create and sell. */
  sid: number;
  fault: Fault;
  perSecond: number;
  print(line: string): void;
  /** Called with the function that ends the fault, and with undefined when it has ended. */
  onHeal(heal: Heal | undefined): void;
};

export type FaultResult = {
  name: string;
  what: string;
  figures: FaultFigures;
  /** Units sold to the load, and to the buyers after it. */
  sold: { units: number; load: number; after: number };
  peaksMb: MemoryPeaks;
  /** The longest stall of this process, which runs the buyers and the proxies. */
  stallMs: number;
  /** Violated invariants. */
  broken: string[];
  exceeded: string[];
  /** Undefined: alarms are not watched. */
  alarms: AlarmJudgement | undefined;
};

/** Seconds before and after the fault. The stock has one unit per buyer who arrives then and during the fault. */
const CALM_SECONDS = 7;
const MORE_BUYERS = 200;
const SOLD_AT = 0.3;
/** Limit of the time before the fault, as a multiple of the expected time and a constant. */
const SLOW = 1.5;
const SLOW_MS = 1000;
// The memory limit of the services' containers (compose.yaml).
const MAX_MEMORY_MB = 512;

/** The system was disturbed before the fault began, so the run shows nothing about the fault. */
export class TooBusyError extends Error {
  override name = 'TooBusyError';
}

/** One sale with a fault in the middle, from the first buyer to the comparison with the rows. */
export async function runFault(run: RunFaultOptions): Promise<FaultResult> {
  const { system, database, sid, fault, print } = run;
  const plan = planLoad(run);
  await createStock(database, { sid, name: fault.name, count: plan.units });
  const file = path.join(system.dir, `journal-${sid}.jsonl`);
  const journal = startJournal(file);
  const client = createHttpClient(system.url);
  const memory = watchMemory(system.supervisor);
  const stalls = watchStalls();
  let load: SaleLoad | undefined;
  try {
    await fault.prepare?.({ system, sid, database, client, print });
    const startedMs = Date.now();
    load = runLoad(system.createToken, client, journal, plan);
    const stage: Stage = { system, sid, database, client, load, print };
    await waitForCalm(load);
    const moments = await injectFault(run, stage);
    await load.finish();
    const loadEndMs = Date.now();
    const stallMs = stalls.stop();
    const soldToLoad = load.confirmedNos.size;
    await pollUnanswered(stage, readJournal(file));
    const soldAfter = await sellRest(stage);
    const checked = (await fault.check?.(stage)) ?? [];
    journal.close();
    const exchanges = readJournal(file);
    const broken = [...checked, ...(await findBreaches(stage, exchanges))];
    const ofLoad = exchanges.filter(({ ask }) => ask.atMs <= loadEndMs);
    const figures = measureFault(ofLoad, { startedMs, ...moments });
    const peaksMb = memory.stop();
    const alarms = system.alarms && (await judgeAlarms(system.alarms, fault.alarm, moments));
    const exceeded = [
      ...findExceeded(fault.bounds, figures),
      ...findMemoryExceeded(peaksMb, MAX_MEMORY_MB),
      ...(alarms?.exceeded ?? []),
    ];
    const sold = { units: plan.units, load: soldToLoad, after: soldAfter };
    return { name: fault.name, what: fault.what, figures, sold, peaksMb, stallMs, broken, exceeded, alarms };
  } finally {
    load?.cancel();
    memory.stop();
    stalls.stop();
    await client.close();
  }
}

function planLoad({ sid, fault, perSecond }: RunFaultOptions) {
  const units = Math.ceil((fault.calmSeconds ?? CALM_SECONDS) + fault.lastsMs / 1000) * perSecond;
  return { sid, units, name: `f${sid}`, buyers: units + (fault.buyers ?? MORE_BUYERS), perSecond };
}

/** Resolves when the fault may begin; rejects if the machine is too slow for this load without a fault. */
async function waitForCalm({ plan, waitForSold, errors }: SaleLoad): Promise<void> {
  const wanted = Math.ceil(plan.units * SOLD_AT);
  const expectedMs = (wanted / plan.perSecond) * 1000;
  try {
    await waitForSold(wanted, expectedMs * SLOW + SLOW_MS);
  } catch (cause) {
    throw new TooBusyError((cause as Error).message, { cause });
  }
  if (errors() > 0) throw new TooBusyError(`${errors()} requests failed before the fault`);
}

async function injectFault({ fault, onHeal }: RunFaultOptions, stage: Stage) {
  const injectedMs = Date.now();
  const heal = await fault.inject(stage);
  const inPlaceMs = Date.now();
  onHeal(heal);
  await sleep(fault.lastsMs);
  await heal();
  onHeal(undefined);
  return { injectedMs, inPlaceMs, healedMs: Date.now() };
}
