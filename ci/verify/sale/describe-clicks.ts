import { percentile } from '../../command/percentile.ts';
import type { ObservedHistory } from './buyers/observed-history.ts';
import { drawBars, fullBar } from './draw-bars.ts';

type Times = { buyers: number; p50: number; p99: number };

/** When buyers got their answers. `confirmed` and `refused` count answers per `slotMs` from the opening on. */
export type ClickFigures = {
  slotMs: number;
  confirmed: number[];
  refused: number[];
  /** Milliseconds from click to answer, of the answers up to the last confirmation and of those behind it. */
  untilSoldOut: Times;
  afterwards: Times;
};

type Answered = Pick<ObservedHistory, 'kind' | 'clickToAnswerMs' | 'answeredMs'>;

/** Fits into 80 columns with the names in front. */
const MAX_SLOTS = 60;
const SLOTS_MS = [100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 60_000];

/** `openedMs` and `lastConfirmedMs`: performance.now() at the opening and at the last confirmation. */
export function measureClicks(
  histories: Answered[],
  { openedMs, lastConfirmedMs }: { openedMs: number; lastConfirmedMs: number },
): ClickFigures {
  const answered = histories.flatMap(({ kind, clickToAnswerMs, answeredMs }) =>
    clickToAnswerMs === undefined || answeredMs === undefined
      ? []
      : [{ kind, clickToAnswerMs, answeredMs, atMs: Math.max(0, answeredMs - openedMs) }],
  );
  const lastMs = answered.reduce((last, { atMs }) => Math.max(last, atMs), 0);
  const slotMs = SLOTS_MS.find((ms) => lastMs < ms * MAX_SLOTS) ?? Math.ceil((lastMs + 1) / MAX_SLOTS);
  const countSlots = (wanted: ObservedHistory['kind']) => {
    const slots = Array<number>(Math.floor(lastMs / slotMs) + 1).fill(0);
    for (const { kind, atMs } of answered) {
      const slot = Math.floor(atMs / slotMs);
      if (kind === wanted) slots[slot] = (slots[slot] ?? 0) + 1;
    }
    return slots;
  };
  const timesOf = (some: typeof answered): Times => {
    const sorted = Float64Array.from(some, ({ clickToAnswerMs }) => clickToAnswerMs).sort();
    return { buyers: some.length, p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99) };
  };
  return {
    slotMs,
    confirmed: countSlots('confirmed'),
    refused: countSlots('refused'),
    untilSoldOut: timesOf(answered.filter(({ answeredMs }) => answeredMs <= lastConfirmedMs)),
    afterwards: timesOf(answered.filter(({ answeredMs }) => answeredMs > lastConfirmedMs)),
  };
}

/** The figures as text: the times, and a plot of at most 80 columns. */
export function describeClicks(figures: ClickFigures, { unicode }: { unicode: boolean }): string[] {
  const { slotMs, confirmed, refused, untilSoldOut, afterwards } = figures;
  const describe = ({ buyers, p50, p99 }: Times) => `p50 ${p50} ms, p99 ${p99} ms (${buyers} buyers)`;
  const times = [
    `Click to answer until the last unit was confirmed: ${describe(untilSoldOut)}`,
    ...(afterwards.buyers > 0 ? [`afterwards: ${describe(afterwards)}`] : []),
  ];
  const highest = Math.max(1, ...confirmed, ...refused);
  const row = (name: string, counts: number[]) =>
    `  ${name.padEnd(10)} ${drawBars(counts, highest, unicode)}`.trimEnd();
  return [
    `${times.join('; ')}.`,
    `Answers per ${slotMs} ms (${fullBar(unicode)} = ${highest}):`,
    row('confirmed', confirmed),
    row('refused', refused),
    `  ${' '.repeat(10)} ${axis(slotMs, confirmed.length)}`,
  ];
}

/** The seconds under every tenth slot. */
function axis(slotMs: number, slots: number): string {
  const marks = Array.from({ length: Math.ceil(slots / 10) }, (_, i) => `${(i * slotMs) / 100} s`.padEnd(10));
  return marks.join('').trimEnd();
}
