import { textTable } from '../../command/text-table.ts';
import {
  type Check,
  checkCeilings,
  checkLoad,
  type Load,
  type Measured,
  type MeasuredLoad,
  modelScale,
  type PartNeed,
} from './model-scale.ts';

const UTILISATION = 0.6;
const LOADS: Load[] = [
  { buyers: 1_000_000, seconds: 10, units: 100 },
  { buyers: 1_000_000, seconds: 10, units: 1_000_000 },
];

const number = (value: number) => Math.round(value).toLocaleString('en-GB');
const percent = (share: number) => `${(share * 100).toFixed(share < 0.01 ? 2 : 1)} %`;

/** Processes and cores for a million buyers in ten seconds, and the error of the same model on this machine. */
export function scaleTable(measured: Measured, sale?: MeasuredLoad): string {
  return [
    ...LOADS.map((load) => needTable(measured, load)),
    'Requests per second on this machine, predicted from the CPU time and measured:',
    checkTable(checkCeilings(measured), number),
    ...(sale
      ? [
          `\n${number(sale.buyers)} buyers for ${number(sale.units)} units: CPU seconds of each part, and the duration in seconds:`,
          checkTable(checkLoad(measured, sale), (value) => value.toFixed(1)),
        ]
      : []),
  ].join('\n');
}

function needTable(measured: Measured, load: Load): string {
  const model = modelScale(measured, load, UTILISATION);
  const { perSecond, shares, parts, oneStockPerSecond, stocks, consumersAtFirst } = model;
  const rows = parts.map((need) => [
    need.part,
    need.us.toFixed(1),
    need.cores.toFixed(1),
    describeNeed(need),
    ofOneStock(need),
  ]);
  const first = (among: PartNeed[]) => among.reduce((a, b) => (b.perProcess < a.perProcess ? b : a));
  const single = first(parts.filter(({ isSingle }) => isSingle));
  const bound = first(parts.filter(({ isSingle, sharesStock }) => isSingle && !sharesStock));
  return [
    `${number(load.buyers)} buyers in ${load.seconds} s for ${number(load.units)} units, ${number(perSecond)} requests per second, each core ${percent(UTILISATION)} busy:`,
    `confirmed ${percent(shares.confirmed)}, refused by the consumers ${percent(shares.soldOutUncached)}, by nginx's cache ${percent(shares.soldOut)}.`,
    textTable(['part', 'µs', 'cores', 'needed', 'max for one stock'], rows),
    ...(shares.soldOut > 0
      ? [
          `Until nginx has cached the first refusal, all requests reach the consumers: ${consumersAtFirst} of them answer that rate.`,
        ]
      : []),
    `With one process of each kind, ${single.part} is the bottleneck, at ${number(single.perProcess)} per second.`,
    `With any number of processes, ${bound.part} limits one stock to ${number(oneStockPerSecond)} per second: ` +
      (stocks > 1
        ? `offer the goods as ${stocks} stocks, or sell one stock in ${number(load.buyers / oneStockPerSecond)} s.\n`
        : 'one stock is enough.\n'),
  ].join('\n');
}

function describeNeed({ part, isSingle, sharesStock, cores }: PartNeed): string {
  const count = Math.max(1, Math.ceil(cores));
  if (!isSingle) return count === 1 ? 'one core' : `one of ${count} cores`;
  if (part === 'nginx') return count === 1 ? 'one worker' : `${count} workers`;
  if (count === 1) return 'one process';
  return sharesStock ? `${count} processes` : `${count} processes, ${count} stocks`;
}

function ofOneStock({ isSingle, sharesStock, perProcess }: PartNeed): string {
  return isSingle && !sharesStock ? `${number(perProcess)}/s` : '';
}

function checkTable(checks: Check[], show: (value: number) => string): string {
  const rows = checks.map(({ name, predicted, measured, error }) => {
    const deviation = `${error > 0 ? '+' : ''}${Math.round(error * 100)} %`;
    return [name, show(predicted), show(measured), measured > 0 ? deviation : ''];
  });
  return textTable(['', 'predicted', 'measured', 'error'], rows);
}
