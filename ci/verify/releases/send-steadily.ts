/**
 * Calls `send` at a constant rate, however long the answers take, until `stop` is called or `max` calls were made. `stop` resolves
 * after the last answer with the number of calls.
 */
export function sendSteadily(
  perSecond: number,
  max: number,
  send: (index: number) => Promise<void>,
): { stop(): Promise<number> } {
  const startedAt = performance.now();
  const inFlight = new Set<Promise<void>>();
  let sent = 0;
  let failure: unknown;
  const timer = setInterval(() => {
    const due = Math.min(max, Math.floor(((performance.now() - startedAt) / 1000) * perSecond));
    while (sent < due) {
      const sending: Promise<void> = send(sent)
        .catch((error: unknown) => {
          failure ??= error;
        })
        .finally(() => inFlight.delete(sending));
      inFlight.add(sending);
      sent += 1;
    }
  }, 5);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(inFlight);
      if (failure) throw failure;
      return sent;
    },
  };
}
