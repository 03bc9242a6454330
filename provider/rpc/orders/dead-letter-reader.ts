import type { DeadLetterInput } from '../../../proto/gen/flashsale/v1/DeadLetter.ts';
import type { KafkaMessage, KafkaTarget } from '../../../proto/kafka/kafka.ts';
import { type NewestPage, readNewest } from '../../../proto/kafka/read-newest.ts';
import { decodeOrderRecord, type RecordVerification } from '../../../proto/messages/order-record.ts';
import { QueueFullError } from '../../../proto/process/batcher.ts';
import { createCallLimit } from '../../../proto/process/call-limit.ts';
import { realClock, withDeadline } from '../../../proto/process/clock.ts';
import { parseSecretKeys } from '../../../proto/settings/secret-keys.ts';
import { CallError } from '../describe-fault.ts';

const MAX_REASON = 500;
/** Of the 2.8 s that the caller waits. */
const DEADLINE_MS = 2200;
/** Each read connects to Kafka. */
const LIMITS = { maxConcurrent: 2, maxWaiting: 10 };

export type DeadLetterReader = (page: { before: bigint | null; limit: number }) => Promise<NewestPage<DeadLetterInput>>;

/** Reads the topic of dead letters. `keys`: a list (parseSecretKeys). Rejects when Kafka does not answer. */
export function createDeadLetterReader(target: KafkaTarget, topic: string, keys: string): DeadLetterReader {
  const limit = createCallLimit(LIMITS);
  const verification: RecordVerification = { keys: parseSecretKeys(keys), acceptsUnsigned: false };
  return (page) => {
    // A read that is late keeps its place until it has ended.
    const reading = limit(() => readNewest(target, topic, page, (message) => describeLetter(message, verification)));
    return withDeadline(realClock, DEADLINE_MS, 'dead letters', reading).catch((error: unknown) => {
      if (error instanceof QueueFullError) throw error;
      target.logger.warn({ err: error }, 'dead letters not read');
      throw new CallError('LOG_UNAVAILABLE', 'the log does not answer; try again');
    });
  };
}

/** Any text may be in a header: what no order-worker writes is left out. */
function describeLetter(
  { offset, timestamp, headers = {}, value }: KafkaMessage,
  verification: RecordVerification,
): DeadLetterInput {
  const text = (name: string) => String(headers[name] ?? '');
  const [partition, recordOffset, index] = ['partition', 'offset', 'index'].map((name) => readNumber(text(name)));
  const decoded = decodeOrderRecord(value, verification);
  const orders = decoded.kind === 'orders' ? decoded.orders : [];
  return {
    deadOffset: Number(offset),
    ...(partition !== undefined && { partition }),
    ...(recordOffset !== undefined && { recordOffset }),
    ...(index !== undefined && { index }),
    atMs: Number(timestamp),
    reason: text('reason').slice(0, MAX_REASON),
    orderNos: orders.flatMap((order) => ('invalid' in order ? [] : [order.orderNo])),
    hasValue: value !== null,
    bytes: value?.length ?? 0,
  };
}

function readNumber(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
