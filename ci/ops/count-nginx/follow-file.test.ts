import { appendFileSync, mkdirSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t, { type Test } from 'tap';
import { countLines } from './count-lines.ts';
import { followFile } from './follow-file.ts';

function follow(t: Test, keepBytes = 1_000_000, before?: string) {
  const file = path.join(t.testdir({}), 'orders.log');
  if (before !== undefined) writeFileSync(file, before);
  const follower = followFile(file, keepBytes);
  t.teardown(() => follower.close());
  const look = () => {
    const lines: string[] = [];
    follower.look((line) => lines.push(line));
    return lines;
  };
  return { file, look };
}

t.test('each line after the start is read once', async (t) => {
  const { file, look } = follow(t, 1_000_000, 'old\n');
  t.same(look(), []);
  appendFileSync(file, 'a\nb\nhal');
  t.same(look(), ['a', 'b']);
  t.same(look(), []);
  appendFileSync(file, 'f\nc\n');
  t.same(look(), ['half', 'c']);
});

t.test('a file that is created later is read from its start', async (t) => {
  const { file, look } = follow(t);
  t.same(look(), []);
  writeFileSync(file, 'a\n');
  t.same(look(), ['a']);
});

t.test('a truncated file is read from its new start', async (t) => {
  const { file, look } = follow(t, 1_000_000, 'old\n');
  look();
  appendFileSync(file, 'a\nb\n');
  look();
  truncateSync(file, 0);
  appendFileSync(file, 'c\n');
  t.same(look(), ['c']);
});

t.test('a replaced file is read from its start, also after a time without a file', async (t) => {
  const { file, look } = follow(t, 1_000_000, 'old\n');
  look();
  renameSync(file, `${file}.1`);
  t.same(look(), []);
  writeFileSync(file, 'a\nb\n');
  t.same(look(), ['a', 'b']);
  rmSync(file);
  writeFileSync(file, 'c\n');
  t.same(look(), ['c']);
});

t.test('a file that is too large is emptied after it was read, and followed further', async (t) => {
  const { file, look } = follow(t, 100);
  writeFileSync(file, '');
  look();
  const lines = Array.from({ length: 30 }, (_, i) => `line ${i}`);
  appendFileSync(file, `${lines.join('\n')}\n`);
  t.same(look(), lines);
  t.equal(statSync(file).size, 0);
  appendFileSync(file, 'next\n');
  t.same(look(), ['next']);
});

t.test('a reader that is too far behind continues at the end', async (t) => {
  const { file, look } = follow(t, 1_000_000_000, '');
  look();
  appendFileSync(file, '201 - PASSED\n'.repeat(3_000_000));
  t.same(look(), []);
  appendFileSync(file, 'a\n');
  t.same(look(), ['a']);
});

t.test('a read error is thrown, and the next call tries again', async (t) => {
  const { file, look } = follow(t);
  mkdirSync(file);
  t.throws(look, { code: 'EISDIR' });
  rmSync(file, { recursive: true });
  writeFileSync(file, 'old\n');
  t.same(look(), []);
  appendFileSync(file, 'a\n');
  t.same(look(), ['a']);
});

t.test('a line is counted by its status, cache and limit', async (t) => {
  const { counts, take } = countLines();
  for (const line of [
    '201 MISS PASSED',
    '410 HIT PASSED',
    '429 - REJECTED',
    '429 MISS PASSED',
    '504 - -',
    '499',
    '410 HIT',
  ])
    take(line);
  for (const line of ['', 'x', '099 - -', '20 - -', '2011 - -', '<b> - -']) take(line);
  t.same(counts, {
    'status:201': 1,
    'status:410': 2,
    'status:429': 2,
    'status:504': 1,
    'status:499': 1,
    cached: 2,
    limited: 1,
  });
});
