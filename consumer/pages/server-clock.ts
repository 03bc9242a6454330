import { callApi } from './call-api.ts';

const SAMPLES = 5;
const MEASURE_AGAIN_MS = 300_000;
const CHECK_SLEEP_MS = 2000;
/** The device's two clocks differ by more than this only after a sleep or a change of its time. */
const SLEPT_MS = 1000;

let aheadMs = 0;
let isMeasured = false;
let resolveKnown: () => void;
const known = new Promise<void>((resolve) => {
  resolveKnown = resolve;
});

/** The server's time; the device's until the first answer of the server. */
export function serverNowMs(): number {
  return performance.timeOrigin + performance.now() + aheadMs;
}

/** Resolves when the server's time is known. */
export function whenClockKnown(): Promise<void> {
  return known;
}

/** Uses the header `Date` of an answer until the clock is measured. It is exact to the second and never ahead. */
export function takeServerDate(date: string | null): void {
  const ms = Date.parse(date ?? '');
  if (isMeasured || Number.isNaN(ms)) return;
  aheadMs = ms - (performance.timeOrigin + performance.now());
  resolveKnown();
}

/** Measures the difference to the server's clock by the fastest of several answers; again every five minutes and after a sleep. */
export async function followServerClock(): Promise<void> {
  setInterval(() => void measure().catch(() => undefined), MEASURE_AGAIN_MS);
  // In some browsers performance.now() stands still while the device sleeps.
  let differenceMs = Date.now() - performance.now();
  setInterval(() => {
    const nowDifferenceMs = Date.now() - performance.now();
    if (Math.abs(nowDifferenceMs - differenceMs) > SLEPT_MS) void measure().catch(() => undefined);
    differenceMs = nowDifferenceMs;
  }, CHECK_SLEEP_MS);
  await measure().catch(() => undefined);
}

async function measure(): Promise<void> {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < SAMPLES; i += 1) {
    const sentMs = performance.now();
    const { body } = await callApi<{ now: string }>('/time');
    const tookMs = performance.now() - sentMs;
    if (tookMs >= best) continue;
    best = tookMs;
    aheadMs = Date.parse(body.now) - (performance.timeOrigin + sentMs + tookMs / 2);
    isMeasured = true;
    resolveKnown();
  }
}
