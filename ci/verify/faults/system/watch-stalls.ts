import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 20;

/** Measures the longest stall of this process; `stop` returns it in milliseconds. */
export function watchStalls(): { stop(): number } {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  return {
    stop() {
      delay.disable();
      return Math.max(0, Math.round(delay.max / 1e6 - RESOLUTION_MS));
    },
  };
}
