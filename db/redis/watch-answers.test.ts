import t from 'tap';
import { waitUntil } from '../../ci/command/wait-until.ts';
import { startTestProxy } from '../../ci/testing/servers/test-proxy.ts';
import { createTestRedis, createTestRedisClient } from '../../ci/testing/servers/test-redis.ts';
import { pause, realClock } from '../../proto/process/clock.ts';
import { watchAnswers } from './watch-answers.ts';

const BETWEEN_COMMANDS_MS = 20;

t.test('a connection that falls silent under load does not answer', async (t) => {
  const url = new URL(await createTestRedis(t));
  const proxy = await startTestProxy(t, url.host);
  url.host = proxy.address;
  const redis = await createTestRedisClient(t, url.href);
  const answers = watchAnswers(redis, realClock);
  let isEnded = false;
  const load = (async () => {
    while (!isEnded) {
      redis.get('a key').catch(() => undefined);
      await pause(realClock, BETWEEN_COMMANDS_MS);
    }
  })();
  t.teardown(async () => {
    isEnded = true;
    await load;
  });
  const expect = (wanted: boolean) =>
    waitUntil(
      `answers to be ${wanted}`,
      () => {
        if (answers() !== wanted) throw new Error(`ready: ${redis.isReady}`);
      },
      { limitMs: 20_000 },
    );
  await new Promise((resolve) => redis.once('ping-interval', resolve));
  t.equal(answers(), true);
  proxy.blackHole('replies');
  await expect(false);
  proxy.restore();
  await expect(true);
});
