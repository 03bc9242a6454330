export type LocalTime = {
  ms: number;
  /** The clock change skips this time: the time shown instead, such as `2026-03-29 03:30`. */
  skippedTo?: string;
  /** The clock change repeats this time; `ms` is the first occurrence. */
  isTwice: boolean;
};

/** The offset of a time zone from UTC at an instant, in milliseconds. */
export type OffsetAt = (ms: number) => number;

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

const localOffset: OffsetAt = (ms) => -new Date(ms).getTimezoneOffset() * MINUTE_MS;

/** Reads `YYYY-MM-DDTHH:mm[:ss]` as a local time, and reports skipped and repeated times. Null: the text has another form. */
export function readLocalTime(text: string, offsetAt = localOffset): LocalTime | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?$/.test(text)) return null;
  const asUtcMs = Date.parse(`${text}Z`);
  if (Number.isNaN(asUtcMs)) return null;
  // Offsets are less than a day: a relevant clock change lies between these two instants.
  const [before, after] = [offsetAt(asUtcMs - DAY_MS), offsetAt(asUtcMs + DAY_MS)];
  const matching = [asUtcMs - before, asUtcMs - after].filter((ms) => ms + offsetAt(ms) === asUtcMs);
  const ms = Math.min(...matching);
  if (matching.length > 0) return { ms, isTwice: matching[0] !== matching.at(-1) };
  const skippedMs = asUtcMs - before;
  return { ms: skippedMs, skippedTo: textOf(skippedMs, offsetAt).slice(0, 16).replace('T', ' '), isTwice: false };
}

/** The text of a datetime-local field for an instant; empty for null. */
export function toLocalText(iso: string | null, offsetAt = localOffset): string {
  return iso === null ? '' : textOf(Date.parse(iso), offsetAt).slice(0, 19);
}

function textOf(ms: number, offsetAt: OffsetAt): string {
  return new Date(ms + offsetAt(ms)).toISOString();
}
