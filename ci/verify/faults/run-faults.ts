import { setTimeout as sleep } from 'node:timers/promises';
import { connectMysql } from '../../../db/mysql/connect-mysql.ts';
import { createDatabase } from '../../../db/mysql/database.ts';
import { ORDER_PARTITIONS, partitionOf } from '../../../proto/kafka/partition-of.ts';
import type { Fault, Heal } from './catalog/fault.ts';
import { type FaultResult, runFault, TooBusyError } from './run-fault.ts';
import { createFaultStock } from './system/create-fault-stock.ts';
import type { FaultSystem } from './system/fault-system.ts';
import { waitUntilHealthy } from './system/wait-until-healthy.ts';

export type FaultOutcome = {
  name: string;
  verdict: 'held' | 'broken' | 'late' | 'left out';
  /** Why it is not `held`: each reason in a line. */
  reasons: string[];
  result: FaultResult | undefined;
};

/** One of each partition. */
const PROBE_SIDS = firstOfEachPartition(500);
const PROBE_UNITS = 1_000_000;
const FIRST_SID = 1000;
const FAULT_LIMIT_MS = 180_000;
/** Buyers a second: fewer where the machine is too busy for more even while nothing is broken. */
const RATES = [100, 60, 40, 25];
/** Times are no measure of the system when this process, where buyers and proxies are, was held up for so long. */
const STALL_MAX_MS = 400;
const EXAMPLES = 6;
const STATEMENT_MS = 10_000;

/** One fault after the other on the same system, each in a sale of its own, and each only once all is well again. */
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
    for (const sid of PROBE_SIDS) await createFaultStock(database, sid, 'Probe', PROBE_UNITS);
    await waitUntilHealthy(system, PROBE_SIDS);
    for (const fault of wanted) {
      print(`· ${fault.name}: ${fault.what}`);
      const outcome = await runOne(fault);
      const isHealthy = outcome.verdict === 'left out' || (await isHealthyAgain());
      if (!isHealthy) outcome.verdict = 'broken';
      if (!isHealthy) outcome.reasons.push('the system was not well again within a minute');
      outcomes.push(outcome);
      print(describe(outcome));
      for (const reason of outcome.reasons.slice(0, EXAMPLES)) print(`    ${reason}`);
      // What would be tried on it now would tell nothing.
      if (!isHealthy) break;
    }
  } finally {
    await mysql.destroy();
  }
  return outcomes;

  async function isHealthyAgain(): Promise<boolean> {
    system.links.restore();
    try {
      await waitUntilHealthy(system, PROBE_SIDS);
      return true;
    } catch (error) {
      print(`  ${(error as Error).message}`);
      return false;
    }
  }

  async function runOne(fault: Fault): Promise<FaultOutcome> {
    const { name } = fault;
    const why = fault.leftOut?.(system);
    if (why !== undefined) return { name, verdict: 'left out', reasons: [why], result: undefined };
    for (const perSecond of RATES) {
      try {
        const result = await runWithin(fault, perSecond);
        const { broken, exceeded, stallMs } = result;
        if (broken.length === 0 && exceeded.length > 0 && stallMs > STALL_MAX_MS && perSecond !== RATES.at(-1)) {
          throw new TooBusyError(`held up for ${stallMs} ms; ${exceeded.join('; ')}`);
        }
        const verdict = broken.length > 0 ? 'broken' : exceeded.length > 0 ? 'late' : 'held';
        return { name, verdict, reasons: [...broken, ...exceeded], result };
      } catch (error) {
        const { message } = error as Error;
        if (!(error instanceof TooBusyError)) return { name, verdict: 'broken', reasons: [message], result: undefined };
        print(`  too busy a machine for ${perSecond} buyers a second: ${message}`);
        await waitUntilHealthy(system, PROBE_SIDS);
      }
    }
    return { name, verdict: 'broken', reasons: ['no calm moment to begin'], result: undefined };
  }

  async function runWithin(fault: Fault, perSecond: number): Promise<FaultResult> {
    const limit = new AbortController();
    const late = sleep(FAULT_LIMIT_MS, undefined, { signal: limit.signal }).then(() => {
      throw new Error(`not over within ${FAULT_LIMIT_MS / 1000} s`);
    });
    late.catch(() => undefined);
    const sid = nextSid;
    nextSid += 1;
    try {
      return await Promise.race([runFault(system, database, sid, fault, perSecond, print, onHeal), late]);
    } finally {
      limit.abort();
    }
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

function describe({ name, verdict, result }: FaultOutcome): string {
  const mark = verdict === 'held' ? '✓' : verdict === 'left out' ? '–' : '✗';
  if (!result) return `${mark} ${name}: ${verdict}`;
  const { seen, sold } = result;
  const seconds = (ms: number | null) => (ms === null ? 'never' : `${(ms / 1000).toFixed(1)} s`);
  return (
    `${mark} ${name}: ${verdict}; ${seen.confirmed} of ${sold.units} sold, ${seen.errors} errors` +
    `${seen.errorsEndMs === null ? '' : ` until ${seconds(seen.errorsEndMs)}`}, 202 × ${seen.promised}, ` +
    `longest pause ${seconds(seen.longestPauseMs)}, recovered ${seconds(seen.recoveredMs)}, ${sold.last} to the last buyers`
  );
}
