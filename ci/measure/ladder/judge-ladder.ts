import type { StrategyResult } from './run-strategy.ts';
import { LOG_RUNG } from './strategies.ts';

/** What must not be: each breach in one line. */
export function breachesOf(entries: (StrategyResult & { runs?: StrategyResult[] })[]): string[] {
  return entries.flatMap((entry) => {
    const { rung, oversold } = entry;
    if (rung === 'wrong') return oversold > 0 ? [] : ['wrong did not oversell: its race was not met, try more buyers'];
    const breaches = oversold > 0 ? [`${rung} oversold by ${oversold}`] : [];
    const leaves = rung === LOG_RUNG ? unsoldByLog(entry) : 0;
    return leaves > 0 ? [...breaches, `${rung} left ${leaves} units unsold`] : breaches;
  });
}

/** Why it came out so, in a sentence for people. */
export function explainStrategy(result: StrategyResult): string {
  const { rung, orders, sale, oversold, unsold, refused, limited, errors, requests, count } = result;
  const failed = errors > 0 ? `; ${errors} got no answer` : '';
  const turnedAway = limited > 0 ? `the limiter turned ${limited} away, ` : '';
  const few = requests - limited < count ? `, for only ${requests - limited} asked` : '';
  if (rung === 'wrong') {
    const twice = orders - sale;
    if (twice === 0) return `Read, checked and wrote back: no two requests met this time, which is luck${failed}.`;
    const end = oversold > 0 ? `so ${orders} orders share ${count} units` : 'but too few came to oversell';
    return `Read, checked and wrote back: ${twice} requests sold a unit that another had read too, ${end}${failed}.`;
  }
  if (oversold > 0) return `It sold ${oversold} too many, which breaks its promise${failed}.`;
  const left = `${unsold} of ${count} units were left${few}${failed}`;
  const say = (text: string) => `${capital(`${turnedAway}${text}`)}.`;
  if (unsold === 0) return say(`${heldBecause[rung] ?? 'every unit sold once'}${failed}`);
  if (rung === 'pessimistic') return say(`each request waited for the row’s lock: ${left}`);
  if (rung === LOG_RUNG) return say(`the log sold each unit once: ${left}`);
  return say(
    refused > 0 ? `${refused} lost the version race and were refused: ${left}` : `nobody lost a race: ${left}`,
  );
}

const heldBecause: Record<string, string> = {
  pessimistic: 'one request after the other held the row’s lock, and every unit sold once',
  [LOG_RUNG]: 'the log gave each order its place in line, and every unit sold once',
};

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Units left although a request for them was accepted. */
function unsoldByLog(entry: StrategyResult & { runs?: StrategyResult[] }): number {
  const runs = entry.runs ?? [entry];
  return Math.max(
    ...runs.map(({ count, requests, limited, confirmed }) => Math.min(count, requests - limited) - confirmed),
  );
}
