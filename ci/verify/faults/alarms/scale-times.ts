import type { RuleFile } from '../../../ops/observability/alarms/read-alarms.ts';

/** A minute of an alarm becomes a second, so that a fault of some seconds is long enough for it. */
const FASTER = 60;
/** A rate needs samples of several scrapes, one a second. */
const MIN_WINDOW_MS = 3000;
const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function toMs(duration: string): number {
  const [, count, unit] = /^(\d+)(ms|s|m|h|d)$/.exec(duration) ?? [];
  if (!unit) throw new Error(`a duration of one unit is expected, not ${duration}`);
  return Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
}

/** The rules with shorter `for` and windows, and the same limits. */
export function scaleTimes({ groups }: RuleFile): RuleFile {
  const shorten = (duration: string) => Math.round(toMs(duration) / FASTER);
  return {
    groups: groups.map(({ name, rules }) => ({
      name,
      rules: rules.map((rule) => {
        const expr = rule.expr.replace(/\[(\w+)\]/g, (_, window) => `[${Math.max(MIN_WINDOW_MS, shorten(window))}ms]`);
        const { alert, labels, annotations } = rule;
        return { alert, expr, ...(rule.for ? { for: `${shorten(rule.for)}ms` } : {}), labels, annotations };
      }),
    })),
  };
}
