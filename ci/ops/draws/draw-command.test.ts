import { execFile } from 'node:child_process';
import path from 'node:path';
import t from 'tap';
import { toHex } from '../../../proto/draws/hex.ts';
import { makeSampleDraw } from '../../generate/make-sample-draw.ts';
import { root } from '../../local/set-up/set-up.mjs';

const sample = makeSampleDraw();
const [entry] = sample.entries;
if (!entry) throw new Error('the sample has no entries');
const dir = t.testdir({
  'draw.txt': sample.text,
  'changed.txt': sample.text.replace(toHex(entry.entryId), 'f'.repeat(64)),
  'no-beacon.txt': makeSampleDraw({ beacon: false }).text,
  'ticket.json': JSON.stringify({
    drawId: toHex(sample.drawId),
    entryId: toHex(entry.entryId),
    signature: toHex(entry.signature),
  }),
});

const draw = (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    const program = path.join(root, 'ci', 'bin', 'draw.ts');
    execFile(process.execPath, [program, ...args], { cwd: dir, timeout: 60_000 }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });

t.test('a file that holds, with a ticket, a copy, and places', async (t) => {
  const args = ['--ticket', 'ticket.json', '--seen', 'draw.txt', '--places', '-'];
  const { code, stdout, stderr } = await draw('verify', 'draw.txt', ...args);
  t.match({ code, stderr }, { code: 0, stderr: '' });
  t.match(stdout, /^✓ ticket {5}your entry is in line 9, at place \d+ of 10$/m);
  t.match(stdout, /^✓ seen /m);
  t.match(stdout, /^The file holds\.$/m);
  t.equal(stdout.match(/^[0-9a-f]{64}$/gm)?.length, 10);
});

t.test('a changed file fails and says which entry was changed', async (t) => {
  const { code, stdout, stderr } = await draw('verify', 'changed.txt', '--json', '-');
  t.equal(code, 1);
  t.match(stderr, /The file does not hold\./);
  const { ok, drawId, checks } = JSON.parse(stdout);
  t.match({ ok, drawId }, { ok: false, drawId: toHex(sample.drawId) });
  t.match(
    checks.find(({ name }: { name: string }) => name === 'entries'),
    { ok: false, detail: /^the id of line 9 \(f{64}\) is out of sequence: it was changed$/ },
  );
});

t.test('without a beacon it says who could have chosen the outcome', async (t) => {
  const { code, stdout } = await draw('verify', 'no-beacon.txt');
  t.equal(code, 0);
  t.match(stdout, /^! beacon {5}none: the shop could have chosen the outcome$/m);
});

t.test('wrong input', async (t) => {
  for (const args of [
    [],
    ['verify'],
    ['check', 'draw.txt'],
    ['verify', 'a', 'b'],
    ['verify', 'draw.txt', '--ticket', 'draw.txt'],
  ]) {
    t.equal((await draw(...args)).code, 2, args.join(' '));
  }
  t.equal((await draw('verify', 'missing.txt')).code, 1);
});
