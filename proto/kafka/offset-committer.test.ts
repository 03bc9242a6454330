import t from 'tap';
import { startOffsetCommitter } from './offset-committer.ts';

function setUp() {
  const commits: [number, bigint][][] = [];
  const timers: (() => void)[] = [];
  const state = { fails: false };
  const clock = {
    nowMs: () => 0,
    soon: () => undefined,
    setTimer(delayMs: number, wake: () => void) {
      t.equal(delayMs, 100);
      timers.push(wake);
      return () => void timers.splice(timers.indexOf(wake), 1);
    },
  };
  const committer = startOffsetCommitter({
    clock,
    everyMs: 100,
    async commit(offsets) {
      commits.push([...offsets]);
      if (state.fails) throw new Error('no coordinator');
    },
  });
  const pass = async () => {
    timers.shift()?.();
    for (let i = 0; i < 5; i += 1) await Promise.resolve();
  };
  return { committer, commits, timers, pass, state };
}

t.test('the newest offsets of all partitions are committed together', async (t) => {
  const { committer, commits, timers, pass } = setUp();
  committer.note(3, 5n);
  committer.note(4, 1n);
  committer.note(3, 9n);
  t.same(commits, []);
  await pass();
  t.same(commits, [
    [
      [3, 9n],
      [4, 1n],
    ],
  ]);
  t.equal(timers.length, 0, 'nothing is left to do');
});

t.test('a failed commit is retried unless there is a newer offset', async (t) => {
  const { committer, commits, pass, state } = setUp();
  state.fails = true;
  committer.note(3, 5n);
  committer.note(4, 1n);
  await pass();
  state.fails = false;
  committer.note(3, 9n);
  await pass();
  t.same(commits.at(-1)?.sort(), [
    [3, 9n],
    [4, 1n],
  ]);
});

t.test('a reassigned partition is not committed, and close commits the rest', async (t) => {
  const { committer, commits, timers } = setUp();
  committer.note(3, 5n);
  committer.note(4, 1n);
  committer.keepOnly([4]);
  await committer.close();
  t.same(commits, [[[4, 1n]]]);
  t.equal(timers.length, 0);
});
