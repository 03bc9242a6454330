/** Time that passes only from one event to the next. */
export type VirtualTime = {
  /** Milliseconds since the run began. */
  nowMs(): number;
  /** Calls `act` after `delayMs`; events of one moment run in the order of these calls. Returns a function that cancels it. */
  after(delayMs: number, act: () => void): () => void;
  /** Runs one event after the other, until `isOver()` is true after one of them or no events are left. */
  run(isOver: () => boolean): Promise<void>;
};

type Event = { atMs: number; turn: number; act: (() => void) | undefined };

// One event a turn of Node's loop, so that all promises it settles run before the next one. Many turns are scheduled at once:
// scheduling one costs more than most events.
const TURNS_AT_ONCE = 200;

export function createVirtualTime(): VirtualTime {
  const heap: Event[] = [];
  let nowMs = 0;
  let turns = 0;

  function step(): boolean {
    for (;;) {
      const event = takeFirst(heap);
      if (!event) return false;
      if (!event.act) continue;
      nowMs = event.atMs;
      event.act();
      return true;
    }
  }

  return {
    nowMs: () => nowMs,
    after(delayMs, act) {
      const event: Event = { atMs: nowMs + Math.max(0, delayMs), turn: turns++, act };
      put(heap, event);
      return () => {
        event.act = undefined;
      };
    },
    run(isOver) {
      return new Promise((resolve, reject) => {
        let left = 0;
        let over = false;
        function turn(): void {
          left -= 1;
          if (over) return;
          try {
            // All promises that the last event settled have run.
            over = isOver() || !step();
          } catch (error) {
            over = true;
            reject(error);
            return;
          }
          if (over) resolve();
          else if (left === 0) scheduleTurns();
        }
        function scheduleTurns(): void {
          left = TURNS_AT_ONCE;
          for (let i = 0; i < TURNS_AT_ONCE; i += 1) setImmediate(turn);
        }
        scheduleTurns();
      });
    },
  };
}

function isBefore(a: Event, b: Event): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.turn < b.turn);
}

function put(heap: Event[], event: Event): void {
  let at = heap.push(event) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = heap[parent] as Event;
    if (!isBefore(event, above)) break;
    heap[at] = above;
    at = parent;
  }
  heap[at] = event;
}

function takeFirst(heap: Event[]): Event | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (!first || !last || heap.length === 0) return first;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    const right = heap[child + 1];
    if (right && isBefore(right, heap[child] as Event)) child += 1;
    if (!isBefore(heap[child] as Event, last)) break;
    heap[at] = heap[child] as Event;
    at = child;
  }
  heap[at] = last;
  return first;
}
