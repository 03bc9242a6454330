/**
 * Calls `send` so many times a second, however long the answers take, until `stop` is called or the most have been sent.
 * `stop` resolves when the last answer is there, with how many were sent.
 */
export function sendSteadily(
  perSecond: number,
  most: number,
  send: (index: number) => Promise<void>,
): { stop(): Promise<number> } {
  const startedAt = performance.now();
  const underWay = new Set<Promise<void>>();
  let sent = 0;
  let failure: unknown;
  const timer = setInterval(() => {
    const due = Math.min(most, Math.floor(((performance.now() - startedAt) / 1000) * perSecond));
    while (sent < due) {
      const one: Promise<void> = send(sent)
        .catch((error: unknown) => {
          failure ??= error;
        })
        .finally(() => underWay.delete(one));
      underWay.add(one);
      sent += 1;
    }
  }, 5);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(underWay);
      if (failure) throw failure;
      return sent;
    },
  };
}
