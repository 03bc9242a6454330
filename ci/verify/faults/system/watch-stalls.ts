const SAMPLE_EVERY_MS = 20;

/** Measures the longest stall of this process; `stop` returns it in milliseconds. */
export function watchStalls(): { stop(): number } {
  let lastMs = performance.now();
  let longestMs = 0;
  const sample = () => {
    const nowMs = performance.now();
    longestMs = Math.max(longestMs, nowMs - lastMs - SAMPLE_EVERY_MS);
    lastMs = nowMs;
  };
  const timer = setInterval(sample, SAMPLE_EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      return Math.max(0, Math.round(longestMs));
    },
  };
}
