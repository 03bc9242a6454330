/** An event of a gateway that is to be sent: `sign` makes the headers of one delivery. */
export type TestEvent = { id: string; body: string };

export type EventSenderOptions = {
  url: () => string;
  sign: (event: TestEvent) => Record<string, string>;
};

const CALL_DEADLINE_MS = 10_000;

/** Keeps the events of a gateway until the test delivers them. */
export function createEventSender({ url, sign }: EventSenderOptions) {
  const waiting: TestEvent[] = [];
  /** Delivers one event once and returns the status. */
  async function deliver(event: TestEvent): Promise<number> {
    const response = await fetch(url(), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...sign(event) },
      body: event.body,
      redirect: 'error',
      signal: AbortSignal.timeout(CALL_DEADLINE_MS),
    });
    await response.body?.cancel();
    return response.status;
  }
  return {
    add: (event: TestEvent) => void waiting.push(event),
    waiting,
    deliver,
    sign,
    url,
    /** Takes all events that wait. */
    takeAll: (): TestEvent[] => waiting.splice(0),
    /** Delivers all events that wait, oldest first; those that are not answered with 2xx wait again. Returns the statuses. */
    async deliverAll(): Promise<number[]> {
      const statuses: number[] = [];
      for (const event of waiting.splice(0)) {
        const status = await deliver(event).catch(() => 0);
        statuses.push(status);
        if (status < 200 || status > 299) waiting.push(event);
      }
      return statuses;
    },
  };
}
