const TIME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))$/i;

/**
 * Parses a time of RFC 3339 with seconds and an offset into milliseconds since 1970 (UTC). Null for any other text. All times in requests are
 * read here. Truncates to milliseconds; leap seconds are rejected, as the database does not support them.
 */
export function readTime(text: string): number | null {
  const found = TIME.exec(text);
  if (!found) return null;
  const [year, month, day, hours, minutes, seconds] = found.slice(1, 7).map(Number) as [number, ...number[]];
  const [fraction = '', sign = '+', offsetHours = '0', offsetMinutes = '0'] = found.slice(7);
  const at = new Date(0);
  at.setUTCFullYear(year, (month ?? 0) - 1, day);
  // A day that the month does not have becomes a day of the next month.
  if (at.getUTCMonth() + 1 !== month || at.getUTCDate() !== day) return null;
  if (hours === undefined || hours > 23 || minutes === undefined || minutes > 59 || (seconds ?? 60) > 59) return null;
  if (Number(offsetHours) > 23 || Number(offsetMinutes) > 59) return null;
  const localMs = at.setUTCHours(hours, minutes, seconds, Number(fraction.padEnd(3, '0').slice(0, 3)));
  const offsetMs = (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60_000;
  return sign === '-' ? localMs + offsetMs : localMs - offsetMs;
}
