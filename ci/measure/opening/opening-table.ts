import { textTable } from '../../command/text-table.ts';
import { plotAnswers } from './plot-answers.ts';
import type { OpeningResult, Variants } from './run-opening.ts';
import { SLOT_MS } from './summarize-clicks.ts';

const TITLES = { cold: 'cold', warm: 'warm', bare: 'bare Fastify, fresh' } as const;
const NAMES = ['cold', 'warm', 'bare'] as const;

/** Latencies, CPU time per click, and the answers over time, as text. */
export function openingTable({ opening, openingOfOne, buyers, spreadMs }: OpeningResult): string {
  const groups: [string, Variants][] = [...(opening ? [['two', opening] as [string, Variants]] : [])];
  groups.push(['one', openingOfOne]);
  const rows = groups.flatMap(([of, variants]) =>
    NAMES.map((name) => ({ title: `${TITLES[name]}, ${of} of each`, figure: variants[name] })),
  );
  const times = ['', 'p50 ms', 'from–to', 'p99 ms', 'max ms', 'failed', 'other than 201', 'orders a call'];
  const kinds = Object.keys(openingOfOne.cold.cpuUsByKind);
  const slots = Math.ceil(spreadMs / SLOT_MS);
  const clicks = { name: 'clicks', answersPer100Ms: Array.from({ length: slots }, () => buyers / slots) };
  return [
    `${buyers} buyers click within ${spreadMs / 1000} s; from the moment at which each click was due:`,
    textTable(
      [...times, 'a transaction', 'connections to nginx', 'upstream', 'other work %'],
      rows.map(({ title, figure }) => [
        title,
        figure.p50Ms,
        `${figure.p50FromMs}–${figure.p50ToMs}`,
        figure.p99Ms,
        figure.maxMs,
        figure.failed,
        figure.otherThan201,
        figure.ordersPerCall,
        figure.ordersPerTransaction,
        figure.connectionsToNginx,
        figure.connectionsUpstream,
        figure.otherWorkPercent,
      ]),
    ),
    '\nMicroseconds of CPU time per click; the sum is without the load:',
    textTable(
      ['', ...kinds, 'sum'],
      rows.map(({ title, figure }) => [
        title,
        ...kinds.map((kind) => figure.cpuUsByKind[kind] ?? 0),
        figure.cpuUsPerRequest,
      ]),
    ),
    '',
    plotAnswers([
      clicks,
      ...rows.map(({ title, figure }) => ({ name: title, answersPer100Ms: figure.answersPer100Ms })),
    ]),
  ].join('\n');
}
