import { language, whole } from '../../language.ts';

/** For unknown values. */
export const NONE = '–';

export function rate(value: number | null | undefined): string {
  if (value == null) return NONE;
  return value > 0 && value < 10 && !Number.isInteger(value) ? value.toFixed(1) : whole(Math.round(value));
}

/** 12.3k, for axes and bars. */
export function short(value: number): string {
  const format = { notation: 'compact', maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat('en', format).format(value);
}

export function milliseconds(value: number | null | undefined): string {
  if (value == null) return NONE;
  if (Math.abs(value) >= 100_000) return `${whole(Math.round(value / 1000))} s`;
  if (Math.abs(value) >= 10_000) return `${(value / 1000).toFixed(1)} s`;
  return Math.abs(value) < 10 && !Number.isInteger(value) ? `${value.toFixed(1)} ms` : `${whole(Math.round(value))} ms`;
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

const timeOptions = { hour12: false, hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;

/** The local time of day, to the second. */
export function clockTime(ms: number): string {
  return new Date(ms).toLocaleTimeString('en-GB', timeOptions);
}

/** The local day and minute, for axes of many days. */
export function dayTime(ms: number): string {
  const options = { day: '2-digit', month: '2-digit', hour: '2-digit', minute: '2-digit', hour12: false } as const;
  return new Date(ms).toLocaleString('en-GB', options);
}

/** The local time of day, to the millisecond. */
export function preciseTime(ms: number): string {
  return new Date(ms).toLocaleTimeString('en-GB', { ...timeOptions, fractionalSecondDigits: 3 });
}

/** The local date and time, with the year unless it is the current one. */
export function dateTime(iso: string): string {
  const isOtherYear = new Date(iso).getFullYear() !== new Date().getFullYear();
  const options = {
    ...(isOtherYear && { year: 'numeric' as const }),
    month: 'short',
    day: 'numeric',
    ...timeOptions,
  } as const;
  return new Date(iso).toLocaleString(language.value, options);
}
