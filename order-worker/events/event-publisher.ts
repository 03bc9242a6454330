import type { OrderEvent } from '../../db/orders/order-event-table.ts';
import { type Clock, pause } from '../../proto/process/clock.ts';

export type EventPublisherOptions = {
  clock: Clock;
  /** Resolves when the event topic has acknowledged all of them. Rejects, or gives up, within 2 s. */
  send(events: OrderEvent[]): Promise<void>;
  /** Writes rows of `order_event` instead. */
  keep(events: OrderEvent[]): Promise<void>;
  /** Called after each failed `send`. */
  onKept?(events: number, error: unknown): void;
};

export type EventPublisher = {
  /** Takes events; resolves when there is room for more. */
  add(events: OrderEvent[]): Promise<void>;
  /** Resolves when each event that was added before is acknowledged or a row. */
  flush(): Promise<void>;
};

const LINGER_MS = 100;
/** Two seconds of a worker at its ceiling. */
const MAX_WAITING = 20_000;
const RETRY_MS = 200;

/** Publishes events in batches. What is not acknowledged becomes rows, which a job publishes later. Neither loses an event. */
export function createEventPublisher({ clock, send, keep, onKept }: EventPublisherOptions): EventPublisher {
  let waiting: OrderEvent[] = [];
  let sending: Promise<void> = Promise.resolve();
  let stopTimer: (() => void) | undefined;

  async function sendAll(): Promise<void> {
    const events = waiting;
    waiting = [];
    if (events.length > 0) await publish(events);
  }

  async function publish(events: OrderEvent[]): Promise<void> {
    for (;;) {
      try {
        return await send(events);
      } catch (error) {
        onKept?.(events.length, error);
      }
      try {
        return await keep(events);
      } catch {
        await pause(clock, RETRY_MS);
      }
    }
  }

  function flush(): Promise<void> {
    stopTimer?.();
    stopTimer = undefined;
    sending = sending.then(sendAll);
    return sending;
  }

  return {
    flush,
    async add(events) {
      if (events.length === 0) return;
      waiting.push(...events);
      if (waiting.length > MAX_WAITING) await flush();
      else stopTimer ??= clock.setTimer(LINGER_MS, flush);
    },
  };
}
