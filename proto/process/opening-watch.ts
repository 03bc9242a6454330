import type { Clock } from './clock.ts';

/** The times of a stock, by the clock of the database at the read. */
type Opening = { sid: number; opensAtMs?: number | null | undefined; readAtMs: number };

export type OpeningWatch = {
  /** To be called with each stock that is read. */
  note(stock: Opening | null): void;
  /** To be called when this process works for a buyer. */
  onWork(): void;
  close(): void;
};

const CHECK_EVERY_MS = 1000;
/** The warm-up must have ended before the opening, and must not be long ago then. */
const EARLIEST_MS = 30_000;
const LATEST_MS = 5000;
const IDLE_MS = 60_000;
const OPENINGS_IN_MEMORY = 1000;

/** Calls `warmUp` shortly before an opening that this process knows of, if it was idle for a minute. */
export function startOpeningWatch(clock: Clock, warmUp: () => Promise<void>): OpeningWatch {
  /** By stock; by this process's clock. */
  const openings = new Map<number, number>();
  let activeMs = clock.nowMs();
  let cancel = clock.setTimer(CHECK_EVERY_MS, check);

  function check(): void {
    cancel = clock.setTimer(CHECK_EVERY_MS, check);
    const nowMs = clock.nowMs();
    for (const [sid, opensMs] of openings) if (opensMs < nowMs) openings.delete(sid);
    const isSoon = [...openings.values()].some(
      (opensMs) => opensMs - nowMs <= EARLIEST_MS && opensMs - nowMs >= LATEST_MS,
    );
    if (!isSoon || nowMs - activeMs < IDLE_MS) return;
    activeMs = nowMs;
    void warmUp();
  }

  return {
    note(stock) {
      if (stock === null) return;
      const { sid, opensAtMs, readAtMs } = stock;
      const inMs = (opensAtMs ?? 0) - readAtMs;
      if (inMs <= 0) openings.delete(sid);
      else if (openings.size < OPENINGS_IN_MEMORY || openings.has(sid)) openings.set(sid, clock.nowMs() + inMs);
    },
    onWork() {
      activeMs = clock.nowMs();
    },
    close: () => cancel(),
  };
}
