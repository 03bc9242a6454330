import { realClock } from '../process/clock.ts';
import type { KafkaMessage, KafkaTarget } from './kafka.ts';
import { type AppendedReader, connectAppendedReader } from './read-appended.ts';
import { readLogEnds } from './read-log.ts';

const PARTITION = 0;
/** Records that are read in the sequence of the log, before those in front of them. */
const WINDOW = 10n;
/** Large records are so many bytes that a page may end early. */
const READ_MS = 1000;

export type NewestPage<T> = {
  /** Newest first. */
  items: T[];
  /** The next page has the records before this offset. Null: there are none. */
  next: bigint | null;
};

/**
 * Reads a page of a topic with one partition, without a group. `before`: only records before this offset; null: from the newest. Each record
 * is reduced to an item at once, so that no page of large records is held. A page may end early.
 */
export async function readNewest<T>(
  target: KafkaTarget,
  topic: string,
  page: { before: bigint | null; limit: number },
  toItem: (message: KafkaMessage) => T,
): Promise<NewestPage<T>> {
  const untilMs = realClock.nowMs() + READ_MS;
  const ends = (await readLogEnds(target, topic)).get(PARTITION);
  if (!ends) throw new Error(`${topic} has no partition ${PARTITION}`);
  let end = page.before !== null && page.before < ends.end ? page.before : ends.end;
  if (end <= ends.first) return { items: [], next: null };
  const first = latest(end - BigInt(page.limit), ends.first);
  const items: T[] = [];
  const reader = await connectAppendedReader(target, topic);
  try {
    while (end > first && (items.length === 0 || realClock.nowMs() < untilMs)) {
      const start = latest(end - WINDOW, first);
      items.push(...(await readRange(reader, start, end, toItem)).reverse());
      end = start;
    }
  } finally {
    await reader.close();
  }
  return { items, next: end > ends.first ? end : null };
}

async function readRange<T>(reader: AppendedReader, start: bigint, end: bigint, toItem: (message: KafkaMessage) => T) {
  const items: T[] = [];
  for (let next = start; next < end; ) {
    const isWanted = ({ offset }: KafkaMessage) => BigInt(offset) >= next && BigInt(offset) < end;
    const messages = (await reader.read(PARTITION, next)).filter(isWanted);
    const last = messages.at(-1);
    if (!last) throw new Error(`no record from offset ${next} on`);
    items.push(...messages.map(toItem));
    next = BigInt(last.offset) + 1n;
  }
  return items;
}

function latest(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
