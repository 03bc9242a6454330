import type { RecordsByPartition } from '../../proto/kafka/kafka.ts';
import { type Clock, withDeadline } from '../../proto/process/clock.ts';
import { APPEND_TRIES } from '../../proto/settings/deadlines.ts';
import { type CircuitBreaker, createCircuitBreaker } from './circuit-breaker.ts';
import type { PendingCounter } from './pending-counter.ts';
import type { RecordToAppend } from './record-encoder.ts';

export type AppenderOptions = {
  clock: Clock;
  /**
   * Appends records to the topic `orders` in one request (appendAll of proto/kafka/kafka.ts), and resolves with the first offset by
   * partition. After a rejection, any of the records may be in the log.
   */
  append(records: RecordsByPartition): Promise<Map<number, bigint>>;
  /** Deadline of one append, in milliseconds. */
  deadlineMs: number;
  /** Counts acknowledged records. */
  pending: Pick<PendingCounter, 'add'>;
  /** Called after each append of one request. */
  onAppend(isAcknowledged: boolean, tookMs: number): void;
  /** Called when the circuit breaker of a partition opens or closes. */
  onBreaker(partition: number, isOpen: boolean): void;
};

export type OrderAppender = AppenderOptions & {
  breakers: Map<number, CircuitBreaker>;
  /** Until then each partition has its own request: a partition that fails makes its whole request fail. */
  separateUntilMs: number;
};

/** By partition. */
type RecordsToAppend = Map<number, RecordToAppend[]>;

const SEPARATE_MS = 10_000;
/** Of one partition. Kafka takes 1 MB. */
const MAX_REQUEST_BYTES = 768 * 1024;

export function createOrderAppender(options: AppenderOptions): OrderAppender {
  return { ...options, breakers: new Map(), separateUntilMs: Number.NEGATIVE_INFINITY };
}

/**
 * Appends records with a deadline, a repeat, and a circuit breaker for each partition. Resolves with one result per partition. True: the log
 * has its records. False: unknown; the orders must be decided directly, and a record that turns up later has their decisions already.
 */
export async function appendOrders(appender: OrderAppender, records: RecordsToAppend): Promise<Map<number, boolean>> {
  const closed = new Map([...records].filter(([partition]) => breakerOf(appender, partition).isClosed()));
  const isTogether = closed.size > 1 && appender.clock.nowMs() >= appender.separateUntilMs;
  const together = isTogether ? tryAppend(appender, closed) : Promise.resolve(false);
  const each = [...records].map(async ([partition, group]) => {
    const isIncluded = isTogether && closed.has(partition);
    if (isIncluded && (await together)) return [partition, true] as const;
    const tries = isIncluded ? APPEND_TRIES - 1 : APPEND_TRIES;
    return [partition, await appendPartition(appender, partition, group, tries)] as const;
  });
  return new Map(await Promise.all(each));
}

async function appendPartition(
  appender: OrderAppender,
  partition: number,
  group: RecordToAppend[],
  tries: number,
): Promise<boolean> {
  const breaker = breakerOf(appender, partition);
  const pass = breaker.enter();
  if (!pass) return false;
  const records: RecordsToAppend = new Map([[partition, group]]);
  let appended = false;
  for (let left = pass === 'probe' ? 1 : tries; left > 0 && !appended; left -= 1) {
    appended = await tryAppend(appender, records);
  }
  breaker.leave(pass, appended);
  return appended;
}

async function tryAppend(appender: OrderAppender, records: RecordsToAppend): Promise<boolean> {
  const { clock, deadlineMs, onAppend } = appender;
  const startedMs = clock.nowMs();
  try {
    await withDeadline(clock, deadlineMs, 'append', appendAndCount(appender, records));
    onAppend(true, clock.nowMs() - startedMs);
    return true;
  } catch {
    // All errors have the same consequence: a repeat, or a direct decision.
    appender.separateUntilMs = clock.nowMs() + SEPARATE_MS;
    onAppend(false, clock.nowMs() - startedMs);
    return false;
  }
}

async function appendAndCount({ append, pending }: OrderAppender, records: RecordsToAppend): Promise<void> {
  // Each record names its partition, and nothing reads the keys.
  const toLogRecord = ({ value }: RecordToAppend) => ({ key: null, value });
  for (const part of splitByBytes(records)) {
    const offsets = await append(new Map([...part].map(([partition, group]) => [partition, group.map(toLogRecord)])));
    for (const [partition, group] of part) pending.add(partition, group, offsets.get(partition) ?? -1n);
  }
}

/** The same records in requests that Kafka takes, which are one unless orders have long metadata. */
function splitByBytes(records: RecordsToAppend): RecordsToAppend[] {
  const requests: RecordsToAppend[] = [];
  for (const [partition, group] of records) {
    let bytes = 0;
    let request = 0;
    for (const record of group) {
      bytes += record.value.length;
      if (bytes > MAX_REQUEST_BYTES && bytes > record.value.length) {
        bytes = record.value.length;
        request += 1;
      }
      requests[request] ??= new Map();
      const part = requests[request] as RecordsToAppend;
      const together = part.get(partition);
      if (together) together.push(record);
      else part.set(partition, [record]);
    }
  }
  return requests;
}

function breakerOf({ clock, breakers, onBreaker }: OrderAppender, partition: number): CircuitBreaker {
  const breaker = breakers.get(partition) ?? createCircuitBreaker(clock, (isOpen) => onBreaker(partition, isOpen));
  breakers.set(partition, breaker);
  return breaker;
}
