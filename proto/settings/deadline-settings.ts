import { Type } from 'typebox';
import { SettingsError } from './read-settings.ts';

/** nginx gives up a request after this time, and what a caller is still told must come before. */
export const NGINX_WAITS_MS = 5000;

/** Of the providers; consumers read them to know how long an order may take there. */
export const deadlineSettings = {
  APPEND_DEADLINE_MS: Type.Integer({
    minimum: 50,
    maximum: 10_000,
    default: 800,
    description: 'Longest wait for the log to acknowledge an append; it is tried twice',
    unit: 'ms',
  }),
  DIRECT_DEADLINE_MS: Type.Integer({
    minimum: 50,
    maximum: 10_000,
    default: 1000,
    description: 'Longest try to decide orders without the log',
    unit: 'ms',
  }),
};

type Deadlines = { APPEND_DEADLINE_MS: number; DIRECT_DEADLINE_MS: number };

/** How long a provider may take for an order: two appends, then the direct decision. */
export function placingMs({ APPEND_DEADLINE_MS, DIRECT_DEADLINE_MS }: Deadlines): number {
  return 2 * APPEND_DEADLINE_MS + DIRECT_DEADLINE_MS;
}

/** Throws a SettingsError where a provider may take longer than anybody waits for it. */
export function checkPlacing(deadlines: Deadlines): void {
  const ms = placingMs(deadlines);
  if (ms >= NGINX_WAITS_MS) {
    const sum = `2 × APPEND_DEADLINE_MS + DIRECT_DEADLINE_MS is ${ms} ms`;
    throw new SettingsError(`settings: ${sum}, and nginx waits ${NGINX_WAITS_MS} ms for all of a request`);
  }
}
