import type { Logger } from 'pino';
import type { Appender, LogRecord } from '../proto/kafka/kafka.ts';
import { type BatchContext, NotOwnedError, type ReceivedRecord } from '../proto/kafka/work-through-batch.ts';
import { describePlace } from '../proto/messages/log-place.ts';
import { pause, realClock } from '../proto/process/clock.ts';

/**
 * A record that is invalid, and why. With `index` it is one order of a record of several: `value` has this order alone, and `index` is its
 * place in the record at `offset`.
 */
export type DeadLetter = ReceivedRecord & { reason: string; index?: number };

export type DeadLetterTopic = { log: Appender; topic: string; logger: Logger };

const RETRY_PAUSE_MS = 1000;
const LOGGED_MAX = 10;

/** Appends invalid records to orders-dead and retries until they are there: the offset may only move on after that. */
export async function appendDeadLetters(
  { log, topic, logger }: DeadLetterTopic,
  partition: number,
  letters: DeadLetter[],
  context: BatchContext,
): Promise<void> {
  const logged = letters.slice(0, LOGGED_MAX).map((letter) => [deadLetterKey(partition, letter), letter.reason]);
  logger.warn({ partition, records: logged }, 'invalid records; appending them to orders-dead');
  // One append each: together they may exceed the size limit of an append.
  for (const letter of letters) await appendOne(letter);

  async function appendOne(letter: DeadLetter): Promise<void> {
    const { offset, value, reason, index } = letter;
    const headers = { reason, partition: String(partition), offset: String(offset) };
    const record: LogRecord = {
      key: deadLetterKey(partition, letter),
      value,
      headers: index === undefined ? headers : { ...headers, index: String(index) },
    };
    for (;;) {
      await context.heartbeat();
      try {
        await log.append(topic, 0, [record]);
        return;
      } catch (error) {
        if (!context.isOwned()) throw new NotOwnedError('the partition has another owner', { cause: error });
        if (isTooLarge(error) && record.value) {
          // The value can never be appended. The key says where it is in the log.
          record.value = null;
          continue;
        }
        logger.warn({ err: error, partition }, 'dead-letter append failed; retrying');
        await pause(realClock, RETRY_PAUSE_MS);
      }
    }
  }
}

/** Where it is in the log: `partition/offset`, or `partition/offset/index` of one order of several. */
function deadLetterKey(partition: number, { offset, index }: DeadLetter): string {
  return index === undefined ? `${partition}/${offset}` : describePlace({ partition, offset, index });
}

function isTooLarge(error: unknown): boolean {
  const { type, cause } = error as { type?: string; cause?: unknown };
  return type === 'MESSAGE_TOO_LARGE' || (cause instanceof Error && isTooLarge(cause));
}
