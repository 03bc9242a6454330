/** The last minutes of some figures, one row a second, oldest first. */
export type RollingWindow<Name extends string> = {
  /** A row that is not later than those before it replaces them: the server that tells them may be another one now. */
  add(atMs: number, values: Record<Name, number | null>): void;
  /** Takes a figure out of all rows: it was about something else. */
  forget(name: Name): void;
  /** The last `spanMs` as columns: seconds since 1970, then each figure; null where nothing was heard. */
  columns(names: readonly Name[], spanMs: number): [number[], ...(number | null)[][]];
  /** What rates per second come to over the last `spanMs`: each row's is of the time since the row before it. */
  total(name: Name, spanMs: number): number;
  /** Null: there is no row. */
  lastMs(): number | null;
};

type Row<Name extends string> = { atMs: number; values: Record<Name, number | null> | null };

// A row that is late by more than this is missing, and a line must not bridge it.
const GAP_MS = 2500;

/** How much time a row is about: a second where it does not follow another one. */
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
      return sums.reduce((sum, one) => sum + one, 0);
    },
    lastMs: () => rows.at(-1)?.atMs ?? null,
  };
}
