/** The last minutes of figures, one row a second, oldest first. */
export type RollingWindow<Name extends string> = {
  /** A row replaces all rows that are not earlier: after a change of the server its clock may differ. */
  add(atMs: number, values: Record<Name, number | null>): void;
  /** Removes a figure from all rows. */
  forget(name: Name): void;
  /** The last `spanMs` as columns: seconds since 1970, then each figure; null: unknown. */
  columns(names: readonly Name[], spanMs: number): [number[], ...(number | null)[][]];
  /** The sum of rates per second over the last `spanMs`; each row covers the time since the previous one. */
  total(name: Name, spanMs: number): number;
  /** Null: no rows. */
  lastMs(): number | null;
};

type Row<Name extends string> = { atMs: number; values: Record<Name, number | null> | null };

// A longer time without a row is a gap, which lines do not cross.
const GAP_MS = 2500;

/** The time that a row covers: a second if no row precedes it. */
function lengthOf(atMs: number, before: { atMs: number; values: unknown } | undefined): number {
  return before?.values && atMs - before.atMs <= GAP_MS ? atMs - before.atMs : 1000;
}

export function createRollingWindow<Name extends string>(keepMs: number): RollingWindow<Name> {
  let rows: Row<Name>[] = [];

  function within(spanMs: number): Row<Name>[] {
    const fromMs = (rows.at(-1)?.atMs ?? 0) - spanMs;
    return rows.filter(({ atMs }) => atMs >= fromMs);
  }

  return {
    add(atMs, values) {
      rows = rows.filter((row) => row.atMs < atMs && row.atMs >= atMs - keepMs);
      const last = rows.at(-1);
      if (last?.values && atMs - last.atMs > GAP_MS) rows.push({ atMs: last.atMs + 1000, values: null });
      rows.push({ atMs, values });
    },
    forget(name) {
      rows = rows.map(({ atMs, values }) => ({ atMs, values: values && { ...values, [name]: null } }));
    },
    columns(names, spanMs) {
      const shown = within(spanMs);
      return [
        shown.map(({ atMs }) => atMs / 1000),
        ...names.map((name) => shown.map(({ values }) => values?.[name] ?? null)),
      ];
    },
    total(name, spanMs) {
      const shown = within(spanMs);
      const sums = shown.map(({ atMs, values }, i) => ((values?.[name] ?? 0) * lengthOf(atMs, shown[i - 1])) / 1000);
      return sums.reduce((sum, part) => sum + part, 0);
    },
    lastMs: () => rows.at(-1)?.atMs ?? null,
  };
}
