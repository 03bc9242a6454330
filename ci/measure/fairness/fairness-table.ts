import { textTable } from '../../command/text-table.ts';
import type { Difference, Proportion } from './figures/measure-proportion.ts';
import type { AttackerFigures, ModeFigures } from './figures/summarize-rounds.ts';
import type { Mode, ModeResult } from './run-fairness.ts';

/** The figures of all modes as text: people, attackers, and the win rate of each tenth of the people. */
export function fairnessTable(results: ModeResult[]): string {
  const measured = results.flatMap(({ mode, figures }) => (figures ? [{ mode, figures }] : []));
  const attackers = measured.flatMap(({ mode, figures }) => figures.attackers.map((kind) => ({ mode, kind })));
  const tables = [
    textTable(
      PEOPLE_HEAD,
      measured.map(({ mode, figures }) => [mode, ...peopleRow(figures)]),
    ),
    textTable(
      ['mode', 'attackers', 'share of units', 'an identity wins', 'above a person', 'requests', ...UNIT_HEAD],
      attackers.map(({ mode, kind }) => [mode, ...attackerRow(kind)]),
    ),
    textTable(
      ['mode', ...Array.from({ length: 10 }, (_, at) => `${at * 10}–${at * 10 + 10} %`)],
      measured.map(({ mode, figures }) => [mode, ...figures.deciles.map(describeShare)]),
    ),
  ];
  const equals = results.flatMap(({ mode, equals }) => (equals ? [[mode, ...peopleRow(equals)]] : []));
  if (equals.length > 0) tables.push('Only people:', textTable(PEOPLE_HEAD, equals));
  const fall = describeFall(measured);
  if (fall) tables.push(fall);
  const missing = results.flatMap(({ mode, missing }) =>
    missing ? [`${mode}: not available in this system, so not measured: ${missing}`] : [],
  );
  return [...(measured.length > 0 ? tables : []), ...missing].join('\n\n');
}

const PEOPLE_HEAD = [
  ...['mode', 'rounds', 'people', 'units', 'unsold', 'no entry', 'a person wins'],
  ...['Jain', 'Jain by chance', 'Jain of the chances'],
];
const UNIT_HEAD = ['requests/unit', 'identities/unit', 'CPU s/unit'];

function peopleRow({ rounds, people, units, unsold, withoutEntry, winRate, jain }: ModeFigures): (string | number)[] {
  const index = (value: number) => value.toFixed(3);
  const range = ({ low, high }: { low: number; high: number }) => `[${index(low)}, ${index(high)}]`;
  const jains = jain
    ? [
        index(jain.measured),
        `${index(jain.chance.mean)} ${range(jain.chance)}`,
        `${index(jain.ofChances.value)} ${range(jain.ofChances)}`,
      ]
    : ['-', '-', '-'];
  return [rounds, people, units, unsold, withoutEntry, describeShare(winRate), ...jains];
}

function attackerRow(kind: AttackerFigures): (string | number)[] {
  const { name, attackers, shareOfUnits, winRate, abovePeople, requestsPerIdentity, perUnit } = kind;
  return [
    `${attackers} × ${name}`,
    describeShare(shareOfUnits),
    describeShare(winRate),
    describeDifference(abovePeople),
    Math.round(requestsPerIdentity),
    ...(perUnit
      ? [perUnit.requests.toFixed(1), perUnit.identities.toFixed(1), perUnit.workCpuSeconds.toFixed(2)]
      : ['-', '-', '-']),
  ];
}

/** Percent, with the 95 % interval. */
function describeShare({ rate, low, high, of }: Proportion): string {
  return of === 0 ? '-' : `${percent(rate)} [${percent(low)}, ${percent(high)}]`;
}

/** Percentage points, with the 95 % interval. */
function describeDifference({ value, low, high }: Difference): string {
  return `${signed(value)} ± ${percent((high - low) / 2)} [${signed(low)}, ${signed(high)}]`;
}

/** How many times less each attacker gets with admission. The interval is the widest that both shares allow. */
function describeFall(measured: { mode: Mode; figures: ModeFigures }[]): string | undefined {
  const sharesOf = (mode: Mode) => measured.find((one) => one.mode === mode)?.figures.attackers ?? [];
  const [rush, admission] = [sharesOf('rush'), sharesOf('admission')];
  if (rush.length === 0 || admission.length === 0) return undefined;
  const fold = (a: number, b: number) => (b === 0 ? '∞' : (a / b).toFixed(1));
  const rows = rush.flatMap(({ name, shareOfUnits: before }, kind) => {
    const after = admission[kind]?.shareOfUnits;
    if (!after) return [];
    const range = `[${fold(before.low, after.high)}, ${fold(before.high, after.low)}]`;
    return [[name, describeShare(before), describeShare(after), `${fold(before.rate, after.rate)} ${range}`]];
  });
  return textTable(['an attacker with', 'of the units in rush', 'with admission', 'times less'], rows);
}

const percent = (share: number) => (share * 100).toFixed(1);
const signed = (share: number) => `${share < 0 ? '' : '+'}${percent(share)}`;
