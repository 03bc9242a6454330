import type { RedisClient } from '../../../db/redis/connect-redis.ts';
import { subscribeChannel } from '../../../db/redis/subscribe-channel.ts';
import { decodeLiveReport } from '../../../proto/messages/live-report.ts';
import type { Clock } from '../../../proto/process/clock.ts';
import { encodeEvent } from '../../http/event-hub.ts';
import { describeLive } from './describe-live.ts';
import { createLiveSums, PERIOD_MS } from './live-sums.ts';

export type LiveWatch = {
  /** Sends the live figures now and then once a second, until the returned function is called. */
  join(send: (bytes: Buffer) => void): () => void;
  close(): void;
};

const EVERY_MS = 1000;
/** A tick that is later than this is a pause: the counts of the pause are skipped. */
const LATE_MS = 3000;

/**
 * Adds up the reports of all processes on the channel. Reports are always added, which costs a few microseconds each, so that a new watcher
 * sees rates at once; figures are computed only while there are watchers.
 */
export function startLiveWatch(clock: Clock, subscriber: RedisClient, channel: string): LiveWatch {
  const sums = createLiveSums();
  const watchers = new Set<(bytes: Buffer) => void>();
  let timer: NodeJS.Timeout | undefined;
  subscribeChannel(subscriber, channel, (message) => {
    const report = decodeLiveReport(message.toString());
    if (report) sums.add(report, clock.nowMs());
  });

  function encodeFigures(lengthMs = PERIOD_MS): Buffer {
    const at = new Date();
    return encodeEvent('live', at.getTime(), describeLive(sums, clock.nowMs(), at, lengthMs));
  }

  /** Each period starts where the previous one ended, however late the timer is, so that sums over periods are exact. */
  function startTicking(): NodeJS.Timeout {
    let lastMs = clock.nowMs();
    return setInterval(() => {
      const nowMs = clock.nowMs();
      const lengthMs = nowMs - lastMs;
      lastMs = nowMs;
      notifyAll(encodeFigures(lengthMs > 0 && lengthMs < LATE_MS ? lengthMs : PERIOD_MS));
    }, EVERY_MS);
  }

  const notifyAll = (bytes: Buffer) => {
    for (const send of watchers) send(bytes);
  };

  return {
    join(send) {
      watchers.add(send);
      timer ??= startTicking();
      send(encodeFigures());
      return () => {
        watchers.delete(send);
        if (watchers.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
    close() {
      clearInterval(timer);
      watchers.clear();
    },
  };
}
