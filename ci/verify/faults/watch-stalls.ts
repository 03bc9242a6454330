const LOOK_EVERY_MS = 20;

/** Measures how long this process itself was held up at most; `stop` returns it, in milliseconds. */
export function watchStalls(): { stop(): number } {
  let lastMs = performance.now();
  let longestMs = 0;
  const look = () => {
    const nowMs = performance.now();
    longestMs = Math.max(longestMs, nowMs - lastMs - LOOK_EVERY_MS);
    lastMs = nowMs;
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      return Math.max(0, Math.round(longestMs));
    },
  };
}
