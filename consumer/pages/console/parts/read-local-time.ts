/** A local time as an instant. */
export type LocalTime = {
  ms: number;
  /** The clocks skip this time: what they show instead, such as `2026-03-29 03:30`. */
  skippedTo?: string;
  /** The clocks show this time twice that day; `ms` is the first of the two. */
  isTwice: boolean;
};

/** How far a zone's time is ahead of UTC at an instant, in milliseconds. */
export type OffsetAt = (ms: number) => number;

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** Of this device's zone. */
const localOffset: OffsetAt = (ms) => -new Date(ms).getTimezoneOffset() * MINUTE_MS;

/**
 * Reads `YYYY-MM-DDTHH:mm[:ss]` as a time of a zone, and says where a change of the clocks makes it none or two. Null: it is no such
 * text.
 */
export function readLocalTime(text: string, offsetAt = localOffset): LocalTime | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?$/.test(text)) return null;
  const asUtcMs = Date.parse(`${text}Z`);
  if (Number.isNaN(asUtcMs)) return null;
  // Zones are less than a day from UTC: a change of the clocks that matters lies between these two.
  const [before, after] = [offsetAt(asUtcMs - DAY_MS), offsetAt(asUtcMs + DAY_MS)];
  const fitting = [asUtcMs - before, asUtcMs - after].filter((ms) => ms + offsetAt(ms) === asUtcMs);
  const ms = Math.min(...fitting);
  if (fitting.length > 0) return { ms, isTwice: fitting[0] !== fitting.at(-1) };
  const skippedMs = asUtcMs - before;
  return { ms: skippedMs, skippedTo: textOf(skippedMs, offsetAt).slice(0, 16).replace('T', ' '), isTwice: false };
}

/** What a datetime-local field shows for an instant; empty for none. */
export function toLocalText(iso: string | null, offsetAt = localOffset): string {
  return iso === null ? '' : textOf(Date.parse(iso), offsetAt).slice(0, 19);
}

function textOf(ms: number, offsetAt: OffsetAt): string {
  return new Date(ms + offsetAt(ms)).toISOString();
}
