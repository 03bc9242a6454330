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
const CROWDS: Load[] = [
  { buyers: 1_000_000, seconds: 10, units: 100 },
  { buyers: 1_000_000, seconds: 10, units: 1_000_000 },
];

const number = (value: number) => Math.round(value).toLocaleString('en-GB');
const percent = (share: number) => `${(share * 100).toFixed(share < 0.01 ? 2 : 1)} %`;

/** What a million buyers in ten seconds take, by what was measured, and how far the same sums are off here. */
export function scaleTable(measured: Measured, crowd?: MeasuredLoad): string {
  return [
    ...CROWDS.map((one) => needTable(measured, one)),
    'Requests a second that the CPU time allows on this machine, and what was measured:',
    checkTable(checkCeilings(measured), number),
    ...(crowd
      ? [
          `\n${number(crowd.buyers)} buyers for ${number(crowd.units)} units: CPU seconds of each part, and seconds of the whole:`,
          checkTable(checkLoad(measured, crowd), (value) => value.toFixed(1)),
        ]
      : []),
  ].join('\n');
}

function needTable(measured: Measured, crowd: Load): string {
  const need = modelScale(measured, crowd, UTILISATION);
  const { perSecond, shares, parts, oneStockPerSecond, stocks, consumersAtFirst } = need;
  const rows = parts.map((one) => [one.part, one.us.toFixed(1), one.cores.toFixed(1), takes(one), ofOneStock(one)]);
  const first = (among: PartNeed[]) => among.reduce((a, b) => (b.onePerSecond < a.onePerSecond ? b : a));
  const single = first(parts.filter(({ isSingle }) => isSingle));
  const bound = first(parts.filter(({ isSingle, sharesStock }) => isSingle && !sharesStock));
  return [
    `${number(crowd.buyers)} buyers in ${crowd.seconds} s for ${number(crowd.units)} units, ${number(perSecond)} requests a second, each core ${percent(UTILISATION)} busy:`,
    `confirmed ${percent(shares.confirmed)}, refused by consumers ${percent(shares.soldOutUncached)}, from nginx's cache ${percent(shares.soldOut)}.`,
    textTable(['part', 'µs', 'cores', 'it takes', 'one stock at most'], rows),
    ...(shares.soldOut > 0
      ? [
          `Until the first refusal is in the cache everybody comes to the consumers: ${consumersAtFirst} answer at that rate.`,
        ]
      : []),
    `With one process of each, ${single.part} is full first, at ${number(single.onePerSecond)} a second.`,
    `One stock, with however many: ${bound.part}, at ${number(oneStockPerSecond)} a second: ` +
      (stocks > 1
        ? `${stocks} stocks of the same thing, or ${number(crowd.buyers / oneStockPerSecond)} s for one.\n`
        : 'one stock is enough.\n'),
  ].join('\n');
}

function takes({ part, isSingle, sharesStock, cores }: PartNeed): string {
  const count = Math.max(1, Math.ceil(cores));
  if (!isSingle) return count === 1 ? 'one core' : `one of ${count} cores`;
  if (part === 'nginx') return count === 1 ? 'one worker' : `${count} workers`;
  if (count === 1) return 'one process';
  return sharesStock ? `${count} processes` : `${count} processes, ${count} stocks`;
}

function ofOneStock({ isSingle, sharesStock, onePerSecond }: PartNeed): string {
  return isSingle && !sharesStock ? `${number(onePerSecond)}/s` : '';
}

function checkTable(checks: Check[], show: (value: number) => string): string {
  const rows = checks.map(({ name, predicted, measured, error }) => {
    const off = `${error > 0 ? '+' : ''}${Math.round(error * 100)} %`;
    return [name, show(predicted), show(measured), measured > 0 ? off : ''];
  });
  return textTable(['', 'predicted', 'measured', 'error'], rows);
}
