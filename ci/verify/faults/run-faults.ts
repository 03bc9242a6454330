import { setTimeout as sleep } from 'node:timers/promises';
import { connectMysql } from '../../../db/mysql/connect-mysql.ts';
import { createDatabase } from '../../../db/mysql/database.ts';
import { ORDER_PARTITIONS, partitionOf } from '../../../proto/kafka/partition-of.ts';
import { createStock } from '../../command/create-stock.ts';
import type { Fault, Heal } from './catalog/fault.ts';
import { type FaultResult, type RunFaultOptions, runFault, TooBusyError } from './run-fault.ts';
import type { FaultSystem } from './system/fault-system.ts';
import { waitUntilHealthy } from './system/wait-until-healthy.ts';

export type FaultOutcome = {
  name: string;
  /** `broken`: an invariant was violated; `late`: a bound was exceeded. */
  status: 'held' | 'broken' | 'late' | 'skipped';
  /** One line per reason; empty with `held`. */
  reasons: string[];
  result: FaultResult | undefined;
};

/** One stock per partition, for health checks. */
const PROBE_SIDS = firstOfEachPartition(500);
const PROBE_UNITS = 1_000_000;
const FIRST_SID = 1000;
const STATEMENT_MS = 10_000;
const FAULT_LIMIT_MS = 180_000;
/** Buyers per second; the next lower rate is tried if the machine is too busy without a fault. */
const RATES = [100, 60, 40, 25];
/** A longer stall of this process, which runs the buyers and the proxies, makes time measurements invalid. */
const STALL_MAX_MS = 400;
const MAX_REASONS_PRINTED = 6;
const CALM_LIMIT_MS = 60_000;

/** Runs one fault after the other on the same system, each in a separate sale, and each on a healthy system. */
export async function runFaults(
  system: FaultSystem,
  wanted: Fault[],
  print: (line: string) => void,
  onHeal: (heal: Heal | undefined) => void,
): Promise<FaultOutcome[]> {
  const mysql = connectMysql({ url: system.mysqlAdminUrl, maxConnections: 8, acquireDeadlineMs: 30_000 });
  const database = createDatabase({ mysql, statementMs: STATEMENT_MS });
  const outcomes: FaultOutcome[] = [];
  let nextSid = FIRST_SID;
  try {
    for (const sid of PROBE_SIDS) await createStock(database, { sid, name: 'Probe', count: PROBE_UNITS });
    await waitUntilCalm(system);
    for (const fault of wanted) {
      print(`· ${fault.name}: ${fault.what}`);
      const skipReason = fault.skipReason?.(system);
      const prepare = (perSecond: number) => ({ system, database, sid: nextSid++, fault, perSecond, print, onHeal });
      const outcome = skipReason === undefined ? await tryRates(prepare) : describeSkipped(fault, skipReason);
      const isHealthy = outcome.status === 'skipped' || (await isHealthyAgain(system, print));
      if (!isHealthy) {
        outcome.status = 'broken';
        outcome.reasons.push('the system was not healthy, or its alarms had not ended, within a minute');
      }
      outcomes.push(outcome);
      print(describe(outcome));
      for (const reason of outcome.reasons.slice(0, MAX_REASONS_PRINTED)) print(`    ${reason}`);
      // A further fault on an unhealthy system would show nothing.
      if (!isHealthy) break;
    }
  } finally {
    await mysql.destroy();
  }
  return outcomes;
}

const describeSkipped = ({ name }: Fault, reason: string): FaultOutcome => {
  return { name, status: 'skipped', reasons: [reason], result: undefined };
};

/** A provider's circuit breaker that no order closed is closed by its probe of the log, after 10 to 15 s. */
async function waitUntilCalm(system: FaultSystem): Promise<void> {
  await waitUntilHealthy(system, PROBE_SIDS);
  await system.alarms?.waitUntilQuiet(CALM_LIMIT_MS);
}

async function isHealthyAgain(system: FaultSystem, print: (line: string) => void): Promise<boolean> {
  system.links.restore();
  try {
    await waitUntilCalm(system);
    return true;
  } catch (error) {
    print(`  ${(error as Error).message}`);
    return false;
  }
}

/** Runs the fault at the highest rate that the machine sustains without it. */
async function tryRates(prepare: (perSecond: number) => RunFaultOptions): Promise<FaultOutcome> {
  let name = '';
  for (const perSecond of RATES) {
    const run = prepare(perSecond);
    name = run.fault.name;
    try {
      const result = await limitTime(runFault(run));
      const { broken, exceeded, stallMs } = result;
      if (broken.length === 0 && exceeded.length > 0 && stallMs > STALL_MAX_MS && perSecond !== RATES.at(-1)) {
        throw new TooBusyError(`this process stalled for ${stallMs} ms; ${exceeded.join('; ')}`);
      }
      const status = broken.length > 0 ? 'broken' : exceeded.length > 0 ? 'late' : 'held';
      return { name, status, reasons: [...broken, ...exceeded], result };
    } catch (error) {
      const { message } = error as Error;
      if (!(error instanceof TooBusyError)) return { name, status: 'broken', reasons: [message], result: undefined };
      run.print(`  the machine is too busy for ${perSecond} buyers per second: ${message}`);
      await waitUntilCalm(run.system);
    }
  }
  return { name, status: 'broken', reasons: ['the machine is too busy for every rate'], result: undefined };
}

async function limitTime<T>(work: Promise<T>): Promise<T> {
  const ended = new AbortController();
  const late = sleep(FAULT_LIMIT_MS, undefined, { signal: ended.signal }).then(() => {
    throw new Error(`did not end within ${FAULT_LIMIT_MS / 1000} s`);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    ended.abort();
  }
}

function firstOfEachPartition(from: number): number[] {
  const sids = new Map<number, number>();
  for (let sid = from; sids.size < ORDER_PARTITIONS; sid += 1) {
    const partition = partitionOf(sid);
    if (!sids.has(partition)) sids.set(partition, sid);
  }
  return [...sids.values()];
}

function describe({ name, status, result }: FaultOutcome): string {
  const mark = status === 'held' ? '✓' : status === 'skipped' ? '–' : '✗';
  if (!result) return `${mark} ${name}: ${status}`;
  const { figures, sold } = result;
  const seconds = (ms: number | null) => (ms === null ? 'never' : `${(ms / 1000).toFixed(1)} s`);
  const until = figures.errorsEndMs === null ? '' : ` until ${seconds(figures.errorsEndMs)}`;
  return (
    `${mark} ${name}: ${status}; ${figures.confirmed} of ${sold.units} sold, ${figures.errors} errors${until}, ` +
    `202 × ${figures.accepted}, longest pause ${seconds(figures.longestPauseMs)}, ` +
    `recovered after ${seconds(figures.recoveredMs)}, ${sold.after} sold after the load; alarms: ${describeAlarms(result)}`
  );
}

function describeAlarms({ alarms }: FaultResult): string {
  if (!alarms) return 'not watched';
  return (
    alarms.raised.map(({ alarm, afterMs }) => `${alarm} after ${(afterMs / 1000).toFixed(1)} s`).join(', ') || 'none'
  );
}
