import { textTable } from '../../command/text-table.ts';
import type { DrawFigure } from './run-draw.ts';
import type { ScalingResult } from './run-scaling.ts';
import type { Ratio } from './summarize-spreads.ts';

const WORKER_GROUPS = ['order-worker', 'mariadb', 'kafka', 'redis'];
const GROUPS = ['load', 'nginx', 'consumer', 'provider', 'kafka', 'order-worker', 'mariadb', 'redis'];

const range = ({ from, to }: Ratio) => `${from.toFixed(2)}–${to.toFixed(2)}`;

/** The result as text. */
export function scalingTable({ worker, spreads, draw }: ScalingResult): string {
  const decided = [
    'One order-worker and a full log; microseconds of CPU time per order:',
    textTable(
      ['', 'per second', 'from–to', ...WORKER_GROUPS, 'per core'],
      worker.map(({ name, perSecond, from, to, cpu, perCoreSecond }) => [
        ...[name, perSecond, `${from}–${to}`, ...WORKER_GROUPS.map((group) => cpu[group] ?? 0), perCoreSecond],
      ]),
    ),
  ];
  const through = [
    'Confirmed orders through the whole system:',
    textTable(
      ['', 'per second', 'to base', 'from–to', 'µs per order', 'to base', 'from–to', 'p99 ms'],
      spreads.map(({ name, perSecond, speed, cpuUs, cost, p99Ms }) => [
        ...[name, perSecond, speed.median.toFixed(2), range(speed)],
        ...[cpuUs, cost.median.toFixed(2), range(cost), p99Ms],
      ]),
    ),
    '\nMicroseconds of CPU time per order:',
    textTable(
      ['', ...GROUPS],
      spreads.map(({ name, cpu }) => [name, ...GROUPS.map((group) => cpu[group] ?? 0)]),
    ),
  ];
  const parts = [worker.length > 0 ? decided : [], spreads.length > 0 ? through : [], draw ? drawLines(draw) : []];
  return parts
    .map((lines) => lines.join('\n'))
    .join('\n\n')
    .trim();
}

function drawLines(draw: DrawFigure): string[] {
  const { takenCpuUs, drawnCpuSeconds } = draw;
  return [
    `${draw.entries} entries, taken in batches of ${draw.batch} on two connections, and drawn by one order-worker:`,
    textTable(
      [
        'taken per second',
        'taker µs',
        'mariadb µs',
        'stated s',
        'drawn s',
        'worker CPU s',
        'mariadb CPU s',
        'worker MB',
      ],
      [
        [
          ...[draw.takenPerSecond.toFixed(0), takenCpuUs.taker.toFixed(1), takenCpuUs.mariadb.toFixed(1)],
          ...[draw.statedSeconds.toFixed(1), draw.drawnSeconds.toFixed(1)],
          ...[drawnCpuSeconds.worker.toFixed(1), drawnCpuSeconds.mariadb.toFixed(1), draw.workerMegabytes],
        ],
      ],
    ),
  ];
}
