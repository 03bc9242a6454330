import { setTimeout as sleep } from 'node:timers/promises';
import { connectMysql } from '../../db/connect-mysql.ts';
import type { Fault, Heal } from './fault.ts';
import { makeStock } from './make-stock.ts';
import type { FaultSystem } from './open-fault-system.ts';
import { type FaultResult, runFault } from './run-fault.ts';
import { waitUntilHealthy } from './wait-until-healthy.ts';

export type FaultOutcome = {
  name: string;
  verdict: 'held' | 'broken' | 'late' | 'left out';
  /** Why it is not `held`: each reason in a line. */
  reasons: string[];
  result: FaultResult | undefined;
};

const PROBE_SID = 900;
const PROBE_UNITS = 1_000_000;
const FIRST_SID = 1000;
const FAULT_LIMIT_MS = 180_000;
const EXAMPLES = 6;

/** One fault after the other on the same system, each in a sale of its own, and each only once all is well again. */
export async function runFaults(
  system: FaultSystem,
  wanted: Fault[],
  print: (line: string) => void,
  onHeal: (heal: Heal | undefined) => void,
): Promise<FaultOutcome[]> {
  const mysql = connectMysql({ url: system.mysqlUrl, maxConnections: 8, acquireDeadlineMs: 30_000 });
  const outcomes: FaultOutcome[] = [];
  try {
    await makeStock(mysql, PROBE_SID, 'Probe', PROBE_UNITS);
    await waitUntilHealthy(system, PROBE_SID);
    for (const [index, fault] of wanted.entries()) {
      print(`· ${fault.name}: ${fault.what}`);
      const outcome = await runOne(fault, FIRST_SID + index);
      outcomes.push(outcome);
      print(describe(outcome));
      for (const reason of outcome.reasons.slice(0, EXAMPLES)) print(`    ${reason}`);
      system.links.restore();
      if (outcome.verdict !== 'left out') await waitUntilHealthy(system, PROBE_SID);
    }
  } finally {
    await mysql.destroy();
  }
  return outcomes;

  async function runOne(fault: Fault, sid: number): Promise<FaultOutcome> {
    const { name } = fault;
    const why = fault.leftOut?.(system);
    if (why !== undefined) return { name, verdict: 'left out', reasons: [why], result: undefined };
    const limit = new AbortController();
    const late = sleep(FAULT_LIMIT_MS, undefined, { signal: limit.signal }).then(() => {
      throw new Error(`not over within ${FAULT_LIMIT_MS / 1000} s`);
    });
    late.catch(() => undefined);
    try {
      const result = await Promise.race([runFault(system, mysql, sid, fault, print, onHeal), late]);
      const { broken, exceeded } = result;
      const verdict = broken.length > 0 ? 'broken' : exceeded.length > 0 ? 'late' : 'held';
      return { name, verdict, reasons: [...broken, ...exceeded], result };
    } catch (error) {
      return { name, verdict: 'broken', reasons: [(error as Error).message], result: undefined };
    } finally {
      limit.abort();
    }
  }
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
