import { partitionOf } from '../../proto/kafka/partition-of.ts';
import { type Clock, withDeadline } from '../../proto/process/clock.ts';
import { APPEND_TRIES } from '../../proto/settings/deadlines.ts';

/** A record and the stock it is of. */
export type OrderRecordToAppend = { sid: number; value: Buffer };
export type RecordsOfPartitions = Map<number, OrderRecordToAppend[]>;

export type AppendOptions = {
  clock: Clock;
  /** Puts records on the log in one request. A rejection says nothing about which of them are there, of no partition. */
  append(records: RecordsOfPartitions): Promise<void>;
  deadlineMs: number;
  /** A partition's breaker has opened or closed. */
  onBreaker(partition: number, state: 'open' | 'closed'): void;
};

const OPEN_MIN_MS = 500;
const OPEN_MAX_MS = 4000;
/** So long after a failure each partition has a request of its own: one that fails takes the others of its request along. */
const APART_MS = 10_000;

/**
 * Appends with a deadline, twice, and behind a circuit breaker for each partition: after a failure no call waits for that partition
 * for a while, then one call tries it. Resolves with one answer for each record. True: the log has it. False: unknown, so the order
 * is to be decided directly; a record that turns up later is known by then.
 */
export function createOrderAppender({ clock, append, deadlineMs, onBreaker }: AppendOptions) {
  const breakers = new Map<number, ReturnType<typeof createBreaker>>();
  let apartUntilMs = Number.NEGATIVE_INFINITY;

  function breakerOf(partition: number) {
    const breaker = breakers.get(partition) ?? createBreaker(clock, (state) => onBreaker(partition, state));
    breakers.set(partition, breaker);
    return breaker;
  }

  async function tryAppend(records: RecordsOfPartitions): Promise<boolean> {
    try {
      await withDeadline(clock, deadlineMs, 'append', append(records));
      return true;
    } catch {
      // Tried again, or decided directly: what went wrong makes no difference to either.
      apartUntilMs = clock.nowMs() + APART_MS;
      return false;
    }
  }

  async function appendOne(partition: number, records: OrderRecordToAppend[], tries: number): Promise<boolean> {
    const breaker = breakerOf(partition);
    const pass = breaker.enter();
    if (!pass) return false;
    const only: RecordsOfPartitions = new Map([[partition, records]]);
    let appended = false;
    for (let left = pass === 'probe' ? 1 : tries; left > 0 && !appended; left -= 1) appended = await tryAppend(only);
    breaker.leave(pass, appended);
    return appended;
  }

  async function appendGroups(groups: RecordsOfPartitions): Promise<Map<number, boolean>> {
    const closed = new Map([...groups].filter(([partition]) => !breakerOf(partition).isOpen()));
    const isTogether = closed.size > 1 && clock.nowMs() >= apartUntilMs;
    const together = isTogether ? tryAppend(closed) : Promise.resolve(false);
    const each = [...groups].map(async ([partition, records]) => {
      const waits = isTogether && closed.has(partition);
      if (waits && (await together)) return [partition, true] as const;
      return [partition, await appendOne(partition, records, waits ? APPEND_TRIES - 1 : APPEND_TRIES)] as const;
    });
    return new Map(await Promise.all(each));
  }

  return async (records: OrderRecordToAppend[]): Promise<boolean[]> => {
    const appended = await appendGroups(Map.groupBy(records, ({ sid }) => partitionOf(sid)));
    return records.map(({ sid }) => appended.get(partitionOf(sid)) === true);
  };
}

type Pass = 'call' | 'probe';

/** Closed: all calls pass. Open: none, and after a while one that probes. */
function createBreaker(clock: Clock, onState: (state: 'open' | 'closed') => void) {
  let openUntilMs = Number.NEGATIVE_INFINITY;
  let openForMs = 0;
  let probing = false;

  return {
    isOpen: () => openForMs > 0,
    /** Undefined: not now. Who has entered must leave. */
    enter(): Pass | undefined {
      if (openForMs === 0) return 'call';
      if (probing || clock.nowMs() < openUntilMs) return undefined;
      probing = true;
      return 'probe';
    },
    leave(pass: Pass, appended: boolean): void {
      if (pass === 'probe') probing = false;
      if (appended) {
        if (openForMs > 0) onState('closed');
        openForMs = 0;
        return;
      }
      // Of calls that fail together the first has opened it; only what tried the log since then makes it longer.
      if (openForMs > 0 && pass !== 'probe') return;
      if (openForMs === 0) onState('open');
      openForMs = Math.min(Math.max(openForMs * 2, OPEN_MIN_MS), OPEN_MAX_MS);
      openUntilMs = clock.nowMs() + openForMs;
    },
  };
}
