import type { Clock } from '../../proto/process/clock.ts';

/** All calls are allowed. */
const CLOSED = 'CLOSED';
/** No call is allowed. After a time, the next call is a probe. */
const OPEN = 'OPEN';
/** A probe is in flight; no other call is allowed. */
const HALF_OPEN = 'HALF_OPEN';

const OPEN_MIN_MS = 500;
const OPEN_MAX_MS = 4000;

export type Pass = 'call' | 'probe';

export type CircuitBreaker = {
  isClosed(): boolean;
  /** Asks to make a call; undefined: it is not allowed. Every pass must be given back by `leave`. */
  enter(): Pass | undefined;
  leave(pass: Pass, hasSucceeded: boolean): void;
  /** Closes it, if nothing has asked to make a call for `idleMs`. Until then the calls are its probes. */
  closeIfIdle(idleMs: number): void;
};

/** A circuit breaker. Each failed probe doubles the time for which it is open, up to 4 s. */
export function createCircuitBreaker(clock: Clock, onChange: (isOpen: boolean) => void): CircuitBreaker {
  let state: typeof CLOSED | typeof OPEN | typeof HALF_OPEN = CLOSED;
  let openForMs = 0;
  let openUntilMs = 0;
  // An earlier call can close and another open the breaker again while a probe is in flight.
  let isProbing = false;
  let askedAtMs = Number.NEGATIVE_INFINITY;

  return {
    isClosed: () => state === CLOSED,

    enter() {
      askedAtMs = clock.nowMs();
      if (state === CLOSED) return 'call';
      if (isProbing || clock.nowMs() < openUntilMs) return undefined;
      isProbing = true;
      state = HALF_OPEN;
      return 'probe';
    },

    leave(pass, hasSucceeded) {
      const wasClosed = state === CLOSED;
      if (pass === 'probe') isProbing = false;
      if (hasSucceeded) {
        state = CLOSED;
        openForMs = 0;
        if (!wasClosed) onChange(false);
        return;
      }
      // Of concurrent calls, the first failure opens the breaker, and only a failed probe extends the time.
      if (!wasClosed && pass === 'call') return;
      state = OPEN;
      openForMs = Math.min(Math.max(openForMs * 2, OPEN_MIN_MS), OPEN_MAX_MS);
      openUntilMs = clock.nowMs() + openForMs;
      if (wasClosed) onChange(true);
    },

    closeIfIdle(idleMs) {
      if (state !== OPEN || isProbing || clock.nowMs() - askedAtMs < idleMs) return;
      // The time of the next opening continues from here: the log may answer and still refuse orders.
      state = CLOSED;
      onChange(false);
    },
  };
}
