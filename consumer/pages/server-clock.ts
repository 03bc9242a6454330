import { callApi } from './call-api.ts';

const SAMPLES = 5;
const MEASURE_AGAIN_MS = 300_000;
const LOOK_EVERY_MS = 2000;
/** A device's two clocks do not move apart by so much unless it slept, or its time was set. */
const SLEPT_MS = 1000;

let aheadMs = 0;
let errorMs = Number.POSITIVE_INFINITY;
const measured = Promise.withResolvers<void>();

/** The server's time, whatever this device's clock says. Before the first measurement it is the device's. */
export function serverNowMs(): number {
  return performance.timeOrigin + performance.now() + aheadMs;
}

/** At most so wrong, in milliseconds. */
export function clockErrorMs(): number {
  return errorMs;
}

/** Resolves with the first answer about the time. */
export function whenClockKnown(): Promise<void> {
  return measured.promise;
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
    measured.resolve();
  }
  errorMs = best / 2;
}
