import { callApi } from './call-api.ts';

const SAMPLES = 5;
const MEASURE_AGAIN_MS = 300_000;
const LOOK_EVERY_MS = 2000;
/** A device's two clocks do not move apart by so much unless it slept, or its time was set. */
const SLEPT_MS = 1000;

let aheadMs = 0;
let isMeasured = false;
let resolveKnown: () => void;
const known = new Promise<void>((resolve) => {
  resolveKnown = resolve;
});

/** The server's time, whatever this device's clock says. Before the first answer of the server it is the device's. */
export function serverNowMs(): number {
  return performance.timeOrigin + performance.now() + aheadMs;
}

/** Resolves with the first answer that tells the time. */
export function whenClockKnown(): Promise<void> {
  return known;
}

/** Takes the header `Date` of an answer, to the second and never late, until the clock is measured. */
export function takeServerDate(date: string | null): void {
  const ms = Date.parse(date ?? '');
  if (isMeasured || Number.isNaN(ms)) return;
  aheadMs = ms - (performance.timeOrigin + performance.now());
  resolveKnown();
}

/** Measures how far the server's clock is ahead, by the quickest of some answers, and again every five minutes and after a sleep. */
export async function followServerClock(): Promise<void> {
  setInterval(() => void measure().catch(() => undefined), MEASURE_AGAIN_MS);
  // In some browsers performance.now() stands still while the device sleeps.
  let apartMs = Date.now() - performance.now();
  setInterval(() => {
    const nowApartMs = Date.now() - performance.now();
    if (Math.abs(nowApartMs - apartMs) > SLEPT_MS) void measure().catch(() => undefined);
    apartMs = nowApartMs;
  }, LOOK_EVERY_MS);
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
