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

/** Why it came out so, in a sentence for people. */
export function explainRung(result: RungResult): string {
  const { rung, orders, sale, oversold, unsold, refused, limited, errors, requests, count } = result;
  const failed = errors > 0 ? `; ${errors} got no answer` : '';
  const turnedAway = limited > 0 ? `the limiter turned ${limited} away, ` : '';
  const few = requests - limited < count ? `, for only ${requests - limited} asked for ${count} units` : '';
  if (rung === 'wrong') {
    const twice = orders - sale;
    if (twice === 0) return `Read, checked and wrote back: no two requests met this time, which is luck${failed}.`;
    const end = oversold > 0 ? `so ${orders} orders share ${count} units` : 'but too few came to oversell';
    return `Read, checked and wrote back: ${twice} requests sold a unit that another had read too, ${end}${failed}.`;
  }
  if (oversold > 0) return `It sold ${oversold} units more than there were, which breaks its promise${failed}.`;
  if (unsold === 0) return `${capital(`${turnedAway}${heldBecause[rung] ?? 'every unit sold once'}`)}${failed}.`;
  if (rung === 'pessimistic')
    return `Each request waited for the row’s lock: ${unsold} units were left${few}${failed}.`;
  if (rung === LOG_RUNG)
    return `${capital(turnedAway)}the log sold each unit once: ${unsold} units were left${few}${failed}.`;
  return `${capital(turnedAway)}${refused} lost the version race and were refused: ${unsold} units were left${few}${failed}.`;
}

const heldBecause: Record<string, string> = {
  pessimistic: 'one request after the other held the row’s lock, and every unit sold once',
  [LOG_RUNG]: 'the log gave each order its place in line, and every unit sold once',
};

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Units left although a request for them was accepted. */
function unsoldByLog(entry: RungResult & { runs?: RungResult[] }): number {
  const runs = entry.runs ?? [entry];
  return Math.max(
    ...runs.map(({ count, requests, limited, confirmed }) => Math.min(count, requests - limited) - confirmed),
  );
}
