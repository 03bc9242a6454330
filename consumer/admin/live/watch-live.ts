import type { RedisClient } from '../../../db/redis/connect-redis.ts';
import { subscribeChannel } from '../../../db/redis/subscribe-channel.ts';
import { decodeLiveReport } from '../../../proto/messages/live-report.ts';
import type { Clock } from '../../../proto/process/clock.ts';
import { encodeEvent } from '../../http/event-hub.ts';
import { describeLive } from './describe-live.ts';
import { PICTURE_MS, sumLive } from './sum-live.ts';

export type LiveWatch = {
  /** Sends how things are, now and then once a second, until the returned function is called. */
  join(send: (bytes: Buffer) => void): () => void;
  close(): void;
};

const EVERY_MS = 1000;
/** A tick that is later than this is a pause: what was counted before it is left out. */
const LATE_MS = 3000;

/**
 * Adds up what the processes tell on the channel. It always hears, a few microseconds a report, so that whoever begins to watch
 * sees rates at once; but it draws the picture only while somebody looks.
 */
export function watchLive(clock: Clock, subscriber: RedisClient, channel: string): LiveWatch {
  const sums = sumLive();
  const watchers = new Set<(bytes: Buffer) => void>();
  let timer: NodeJS.Timeout | undefined;
  subscribeChannel(subscriber, channel, (message) => {
    const report = decodeLiveReport(message.toString());
    if (report) sums.hear(report, clock.nowMs());
  });

  function picture(lengthMs = PICTURE_MS): Buffer {
    const at = new Date();
    return encodeEvent('live', at.getTime(), describeLive(sums, clock.nowMs(), at, lengthMs));
  }

  /** Each picture begins where the one before it ended, however late the timer is: sums of pictures are then exact. */
  function startTicking(): NodeJS.Timeout {
    let lastMs = clock.nowMs();
    return setInterval(() => {
      const nowMs = clock.nowMs();
      const lengthMs = nowMs - lastMs;
      lastMs = nowMs;
      notifyAll(picture(lengthMs > 0 && lengthMs < LATE_MS ? lengthMs : PICTURE_MS));
    }, EVERY_MS);
  }

  const notifyAll = (bytes: Buffer) => {
    for (const send of watchers) send(bytes);
  };

  return {
    join(send) {
      watchers.add(send);
      timer ??= startTicking();
      send(picture());
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
