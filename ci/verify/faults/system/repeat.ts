/** Repeats `work` until the returned function is called, which resolves at the end of the last repetition. */
export function repeat(work: () => Promise<void>): () => Promise<void> {
  let isEnded = false;
  const running = (async () => {
    while (!isEnded) await work();
  })();
  running.catch(() => undefined);
  return () => {
    isEnded = true;
    return running;
  };
}
