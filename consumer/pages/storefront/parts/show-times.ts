import { language } from '../../language.ts';
import { countdown, DAY_MS } from './countdown.ts';

/** The time left: `2d 03:04:05`. */
export function timeLeft(ms: number): string {
  const days = Math.floor(Math.max(0, Math.ceil(ms / 1000) * 1000) / DAY_MS);
  if (days === 0) return countdown(ms);
  const inDays = { style: 'unit', unit: 'day', unitDisplay: 'narrow' } as const;
  return `${new Intl.NumberFormat(language.value, inDays).format(days)} ${countdown(ms - days * DAY_MS, true)}`;
}

/** A date and time in the buyer's time zone; without the date if it is today. */
export function moment(iso: string, nowMs: number): string {
  const at = new Date(iso);
  const isToday = at.toDateString() === new Date(nowMs).toDateString();
  const day = isToday ? {} : ({ month: 'short', day: 'numeric' } as const);
  return format({ ...day, hour: '2-digit', minute: '2-digit' }, at);
}

/** The time of day, to the second. */
export function clockTime(nowMs: number): string {
  return format({ hour: '2-digit', minute: '2-digit', second: '2-digit' }, new Date(nowMs));
}

function format(options: Intl.DateTimeFormatOptions, at: Date): string {
  return new Intl.DateTimeFormat(language.value, { ...options, hourCycle: 'h23' }).format(at);
}
