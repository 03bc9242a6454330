import t from 'tap';
import { createCallLimit } from './call-limit.ts';

t.test('calls beyond the limit wait in order, and are rejected beyond maxWaiting', async (t) => {
  const limit = createCallLimit({ maxConcurrent: 2, maxWaiting: 2 });
  const running: (() => void)[] = [];
  const started: number[] = [];
  const call = (i: number) =>
    limit(async () => {
      started.push(i);
      await new Promise<void>((resolve) => running.push(resolve));
      if (i === 1) throw new Error('broken');
      return i;
    });
  const calls = [0, 1, 2, 3].map(call);
  await t.rejects(call(4), { name: 'QueueFullError' });
  t.same(started, [0, 1]);
  running[1]?.();
  await t.rejects(calls[1] as Promise<number>, { message: 'broken' });
  t.same(started, [0, 1, 2], 'a failure gives its place on');
  running[0]?.();
  t.equal(await calls[0], 0);
  t.same(started, [0, 1, 2, 3]);
  for (const end of running) end();
  t.same(await Promise.all([calls[2], calls[3]]), [2, 3]);
  const last = call(5);
  t.equal(started.at(-1), 5, 'all places are free');
  running.at(-1)?.();
  t.equal(await last, 5);
});
