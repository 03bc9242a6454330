import { type Clock, withDeadline } from '../proto/clock.ts';

/** A record and the stock it is of. */
export type OrderRecordToAppend = { sid: number; value: Buffer };

export type AppendOptions = {
  clock: Clock;
  /** Puts records on the log. A rejection says nothing about which of them are there. */
  append(records: OrderRecordToAppend[]): Promise<void>;
  deadlineMs: number;
  onBreaker(state: 'open' | 'closed'): void;
};

const TRIES = 2;
const OPEN_MIN_MS = 500;
const OPEN_MAX_MS = 4000;

/**
 * Appends with a deadline, twice, and behind a circuit breaker: after a failure nobody waits for the log for a while, then
 * one call tries it. True: the log has the records. False: unknown, so the orders are to be decided directly; a record that
 * turns up later is known by then.
 */
export function createOrderAppender({ clock, append, deadlineMs, onBreaker }: AppendOptions) {
  let openUntilMs = Number.NEGATIVE_INFINITY;
  let openForMs = 0;
  let probing = false;

  function failed(isProbe: boolean): void {
    // Of calls that fail together the first has opened it; only what tried the log since then makes it longer.
    if (openForMs > 0 && !isProbe) return;
    if (openForMs === 0) onBreaker('open');
    openForMs = Math.min(Math.max(openForMs * 2, OPEN_MIN_MS), OPEN_MAX_MS);
    openUntilMs = clock.nowMs() + openForMs;
  }

  function succeeded(): void {
    if (openForMs > 0) onBreaker('closed');
    openForMs = 0;
  }

  return async (records: OrderRecordToAppend[]): Promise<boolean> => {
    const isProbe = openForMs > 0;
    if (isProbe && (probing || clock.nowMs() < openUntilMs)) return false;
    probing = isProbe;
    try {
      for (let tries = isProbe ? TRIES - 1 : 0; tries < TRIES; tries += 1) {
        try {
          await withDeadline(clock, deadlineMs, 'append', append(records));
          succeeded();
          return true;
        } catch {
          // Tried again, or decided directly: what went wrong makes no difference to either.
        }
      }
      failed(isProbe);
      return false;
    } finally {
      if (isProbe) probing = false;
    }
  };
}
