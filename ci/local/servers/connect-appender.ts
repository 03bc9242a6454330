import { type Appender, type KafkaTarget, startAppender } from '../../../proto/kafka/kafka.ts';
import { waitUntil } from '../../command/wait-until.ts';

const CONNECT_LIMIT_MS = 10_000;

/** An appender that is connected to the log. */
export async function connectAppender(target: KafkaTarget): Promise<Appender> {
  const appender = startAppender(target);
  const check = () => {
    if (!appender.isConnected()) throw new Error('not connected yet');
  };
  await waitUntil('the log to be connected', check, { limitMs: CONNECT_LIMIT_MS });
  return appender;
}
