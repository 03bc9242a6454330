const SAMPLES = 3;
const FRESH_MS = 300_000;
/** The device's two clocks differ by more than this only after a sleep or a change of its time. */
const SLEPT_MS = 1000;

export type ServerClock = {
  /** The server's time in milliseconds; the device's until the first `sync`. */
  now(): number;
  /** Measures the difference to the server's clock by the fastest of three answers, unless that is known. */
  sync(): Promise<void>;
};

export function createServerClock(readTime: () => Promise<string>): ServerClock {
  let aheadMs = 0;
  let freshUntilMs = 0;
  let driftMs = 0;
  const local = () => performance.timeOrigin + performance.now();
  const drift = () => Date.now() - performance.now();
  return {
    now: () => local() + aheadMs,
    async sync() {
      if (local() < freshUntilMs && Math.abs(drift() - driftMs) < SLEPT_MS) return;
      let bestMs = Number.POSITIVE_INFINITY;
      for (let i = 0; i < SAMPLES; i += 1) {
        const sentMs = local();
        const now = Date.parse(await readTime());
        const tookMs = local() - sentMs;
        if (tookMs >= bestMs) continue;
        bestMs = tookMs;
        aheadMs = now - (sentMs + tookMs / 2);
      }
      freshUntilMs = local() + FRESH_MS;
      driftMs = drift();
    },
  };
}
