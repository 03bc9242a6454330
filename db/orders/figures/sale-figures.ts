/** What happened in a part of a sale. Each fact belongs to one time of one order, and never changes afterwards. */
export type SaleFigures = Record<(typeof SUMS)[number], number> & Record<(typeof EXTREMES)[number], number | null>;

/** Microseconds end in `Us`. `logged`: the orders of toLogUs and toDecisionUs. `buyers`: those whose first confirmed order it was. */
const SUMS = [
  'orders',
  'confirmed',
  'confirmedUnits',
  'confirmedCents',
  'buyers',
  'slow',
  'logged',
  'toLogUs',
  'toDecisionUs',
  'paid',
  'paidUnits',
  'paidCents',
  'refundedUnits',
  'refundedCents',
  'expiredUnits',
  'expiredCents',
  'cancelledUnits',
  'cancelledCents',
] as const;
const EXTREMES = ['slowestUs', 'soldOutAtMs', 'lastPaidAtMs'] as const;

/** The columns of `sale_second`. */
export const FIGURES = [...SUMS, ...EXTREMES];
export const columnOf = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const aggregateOf = (name: string) =>
  name === 'soldOutAtMs' ? 'MIN' : EXTREMES.some((extreme) => extreme === name) ? 'MAX' : 'SUM';
/** Sums up rows of `sale_second`. */
export const SELECT_FIGURES = FIGURES.map((name) => `${aggregateOf(name)}(${columnOf(name)}) AS ${name}`).join(', ');

/** Figures from the database, some of them, of one bucket of time. Sums arrive as texts. */
export type FigureRow = { bucket: number | string } & { [name in keyof SaleFigures]?: number | string | null };

export function noFigures(): SaleFigures {
  const sums = Object.fromEntries(SUMS.map((name) => [name, 0])) as Record<(typeof SUMS)[number], number>;
  return { ...sums, slowestUs: null, soldOutAtMs: null, lastPaidAtMs: null };
}

/** By bucket. */
export function addUp(rows: FigureRow[]): Map<number, SaleFigures> {
  const buckets = new Map<number, SaleFigures>();
  for (const row of rows) {
    const index = Number(row.bucket);
    const figures = buckets.get(index) ?? noFigures();
    buckets.set(index, figures);
    for (const name of SUMS) figures[name] += Number(row[name] ?? 0);
    for (const name of EXTREMES) {
      const value = row[name] ?? null;
      if (value !== null) figures[name] = further(name, figures[name], Number(value));
    }
  }
  return buckets;
}

function further(name: string, known: number | null, value: number): number {
  if (known === null) return value;
  return aggregateOf(name) === 'MIN' ? Math.min(known, value) : Math.max(known, value);
}
