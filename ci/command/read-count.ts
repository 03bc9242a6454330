import { UsageError } from './usage-error.ts';

/** A whole number from 1 to `max` given on the command line. Throws a UsageError. */
export function readCount(option: string, text: string, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > max) {
    throw new UsageError(`${option} takes a whole number from 1 to ${max}, not '${text}'`);
  }
  return value;
}
