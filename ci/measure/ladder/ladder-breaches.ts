import type { StrategyResult } from './run-strategy.ts';
import { LOG_STRATEGY } from './strategies.ts';

type Entry = StrategyResult & { runs?: StrategyResult[] };

/** Violated invariants, one per line. */
export function ladderBreaches(entries: Entry[]): string[] {
  return entries.flatMap((entry) => {
    const { name, oversold } = entry;
    if (name === 'wrong') return oversold > 0 ? [] : ['wrong did not oversell: no race occurred, use more buyers'];
    const breaches = oversold > 0 ? [`${name} oversold by ${oversold}`] : [];
    const unsold = name === LOG_STRATEGY ? countUnsold(entry) : 0;
    return unsold > 0 ? [...breaches, `${name} left ${unsold} units unsold`] : breaches;
  });
}

/** The cause of a result, in one sentence. */
export function explainStrategy(result: StrategyResult): string {
  const { name, orders, sale, oversold, unsold, refused, limited, errors, requests, count } = result;
  const failed = errors > 0 ? `; ${errors} requests failed` : '';
  if (name === 'wrong') {
    const twice = orders - sale;
    if (twice === 0) return `Read, checked and wrote back: by luck, no two requests overlapped${failed}.`;
    const end = oversold > 0 ? `so ${orders} orders share ${count} units` : 'but too few to oversell';
    return `Read, checked and wrote back: ${twice} requests sold a unit that another had read too, ${end}${failed}.`;
  }
  if (oversold > 0) return `It oversold by ${oversold} units, which violates its guarantee${failed}.`;
  const prefix = limited > 0 ? `the limiter rejected ${limited}, ` : '';
  const say = (text: string) => capitalize(`${prefix}${text}${failed}.`);
  if (unsold === 0) return say(soldOutBecause[name] ?? 'every unit was sold once');
  const left = `${unsold} of ${count} units were left${requests - limited < count ? `, because only ${requests - limited} requests arrived` : ''}`;
  if (name === 'pessimistic') return say(`each request waited for the row lock: ${left}`);
  if (name === LOG_STRATEGY) return say(`the log sold each unit once: ${left}`);
  return say(
    refused > 0 ? `${refused} lost the version race and were refused: ${left}` : `no request lost a race: ${left}`,
  );
}

const soldOutBecause: Record<string, string> = {
  pessimistic: 'requests held the row lock one after the other, and every unit was sold once',
  [LOG_STRATEGY]: 'the log put the orders in sequence, and every unit was sold once',
};

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Units left although an order for them was accepted. */
function countUnsold(entry: Entry): number {
  const runs = entry.runs ?? [entry];
  return Math.max(
    ...runs.map(({ count, requests, limited, confirmed }) => Math.min(count, requests - limited) - confirmed),
  );
}
