/** A limit, because waiting buyers use memory. */
const MAX_BUYERS = 20_000;

export type InFlight = ReturnType<typeof createInFlight>;

/** Counts running buyers and unanswered requests. `begin` resolves when the next buyer may begin, `end` when all have ended. */
export function createInFlight(maxRequests: number) {
  let buyers = 0;
  let requests = 0;
  let failure: { error: unknown } | undefined;
  let wake: () => void = () => undefined;
  // One waiter at a time: Promise.race over all buyers would keep a reaction per buyer and call.
  const waitFor = async (isFree: () => boolean) => {
    while (!failure && !isFree()) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    if (failure) throw failure.error;
  };
  return {
    send() {
      requests += 1;
    },
    answer() {
      requests -= 1;
      wake();
    },
    begin(buyer: Promise<void>): Promise<void> {
      buyers += 1;
      buyer
        .catch((error: unknown) => {
          failure ??= { error };
        })
        .finally(() => {
          buyers -= 1;
          wake();
        });
      return waitFor(() => buyers < MAX_BUYERS && requests < maxRequests);
    },
    end: () => waitFor(() => buyers === 0),
  };
}
