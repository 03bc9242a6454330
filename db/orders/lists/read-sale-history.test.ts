import t from 'tap';
import { createTimeline, MAX_BUCKETS } from './read-sale-history.ts';

t.test('a time line has few buckets, and all times are in it', async (t) => {
  const startMs = Date.UTC(2026, 0, 1, 10, 0, 0, 123);
  for (const lengthMs of [1, 999, 1000, 239_000, 240_000, 3_600_000, 86_400_000, 240 * 86_400_000, 4000 * 86_400_000]) {
    for (const fromMs of [0, startMs]) {
      const timeline = createTimeline(fromMs, fromMs + lengthMs);
      const count = (timeline.untilMs - timeline.fromMs) / timeline.bucketMs;
      t.ok(Number.isInteger(count) && count >= 1 && count <= MAX_BUCKETS, `${lengthMs}: ${count}`);
      t.ok(timeline.fromMs <= fromMs && timeline.untilMs >= fromMs + lengthMs);
    }
  }
});
