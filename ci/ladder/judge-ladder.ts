import type { RungResult } from './run-rung.ts';
import { LOG_RUNG } from './rungs.ts';

/** What must not be: each breach in one line. */
export function breachesOf(entries: (RungResult & { runs?: RungResult[] })[]): string[] {
  return entries.flatMap((entry) => {
    const { rung, oversold } = entry;
    if (rung === 'wrong') return oversold > 0 ? [] : ['wrong did not oversell: its race was not met, try more buyers'];
    const breaches = oversold > 0 ? [`${rung} oversold by ${oversold}`] : [];
    const leaves = rung === LOG_RUNG ? unsoldByLog(entry) : 0;
    return leaves > 0 ? [...breaches, `${rung} left ${leaves} units unsold`] : breaches;
  });
}

/** Units left although a request for them was accepted. */
function unsoldByLog(entry: RungResult & { runs?: RungResult[] }): number {
  const runs = entry.runs ?? [entry];
  return Math.max(
    ...runs.map(({ count, requests, limited, confirmed }) => Math.min(count, requests - limited) - confirmed),
  );
}
