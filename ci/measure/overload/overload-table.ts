import { textTable } from '../../command/text-table.ts';
import type { Overload } from './run-overload.ts';

/** The ceiling and the steps above it, as text. */
export function overloadTable({ ceiling, connections, steps }: Overload): string {
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  const rows = steps.map((step) => [
    `${step.times} × ceiling`,
    step.duePerSecond,
    step.sentPerSecond,
    step.confirmedPerSecond,
    step.goodput.toFixed(2),
    step.goodputPerCore.toFixed(2),
    step.p50Ms,
    step.p99Ms,
    percent(step.confirmed),
    percent(step.accepted),
    percent(step.refused),
    percent(step.gateway),
    percent(step.unanswered),
    percent(step.others),
    step.loadCores,
    step.cpuUsPerClick,
    step.otherWorkPercent,
  ]);
  const rates = ['', 'due/s', 'sent/s', 'confirmed/s', 'goodput', 'per core', 'p50 ms', 'p99 ms'];
  const shares = ['201', '202', '429, 503', '502, 504', 'no answer', 'others'];
  return [
    `Ceiling: ${ceiling.perSecond} confirmed orders a second in a closed loop with ${connections} connections.`,
    'Goodput: confirmed answers a second to the ceiling; per core: the same, of the cores that the load left.',
    textTable([...rates, ...shares, 'load cores', 'CPU µs a click', 'other work %'], rows),
  ].join('\n');
}
