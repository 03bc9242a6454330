import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { makeSampleDraw } from '../../ci/generate/make-sample-draw.ts';
import { describeVectors, vectorsFile } from '../../ci/generate/write-draw-vectors.ts';
import { makeTamperedFiles } from '../../ci/testing/draws/make-tampered-files.ts';
import { toHex } from './hex.ts';
import { idAt } from './verify/sorted-ids.ts';
import { verifyDraw } from './verify/verify-draw.ts';

// Two implementations, in TypeScript and in Python, that share no code, give the same ids, roots and places.

const program = path.join(import.meta.dirname, 'verify_draw.py');

function runPython(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    execFile('python3', [program, ...args], { timeout: 60_000, maxBuffer: 100_000_000 }, (error, stdout, stderr) => {
      if (error?.code === 'ENOENT') reject(new Error('python3 is not installed; the second implementation needs it.'));
      else resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

t.test('docs/draw-vectors.json is what npm run generate makes', async (t) => {
  t.equal(readFileSync(vectorsFile, 'utf8'), describeVectors());
});

t.test('the vectors hold in TypeScript and in Python', async (t) => {
  const vectors = JSON.parse(readFileSync(vectorsFile, 'utf8')) as Record<string, { file: string; places: string[] }>;
  for (const [name, { file, places }] of Object.entries(vectors)) {
    const verified = verifyDraw(file);
    t.ok(verified.ok, name);
    t.same(placesOf(verified), places, name);
  }
  const { code, stdout, stderr } = await runPython('--vectors', vectorsFile);
  t.match({ code, stderr }, { code: 0, stderr: '' });
  t.same(JSON.parse(stdout), Object.fromEntries(Object.keys(vectors).map((name) => [name, []])));
});

function placesOf({ file, places }: ReturnType<typeof verifyDraw>): string[] {
  return Array.from(places ?? [], (index) => toHex(idAt(file?.ids as Uint8Array, index)));
}

t.test('a draw of 3000 random buyers has the same places', async (t) => {
  const buyers = Array.from({ length: 3000 }, () => randomBytes(6).toString('base64'));
  const { text } = makeSampleDraw({ buyers });
  const { code, stdout } = await runPython(path.join(t.testdir({ 'draw.txt': text }), 'draw.txt'), '--places');
  t.equal(code, 0);
  t.same(stdout.trimEnd().split('\n'), placesOf(verifyDraw(text)));
});

t.test('what one implementation refuses the other refuses too', async (t) => {
  const files = makeTamperedFiles();
  const dir = t.testdir(files);
  const { text } = makeSampleDraw();
  for (const [name, changed] of Object.entries(files)) {
    t.not(changed, text, name);
    t.notOk(verifyDraw(changed).ok, `TypeScript: ${name}`);
    const { code, stdout } = await runPython(path.join(dir, name));
    t.equal(code, 1, `Python: ${name}`);
    t.match(JSON.parse(stdout), { ok: false }, name);
  }
});

t.test('both warn of what nobody can check', async (t) => {
  const files = {
    beacon: makeSampleDraw({ beacon: false }).text,
    void: makeSampleDraw({ attempt: 3 }).text,
    ended: makeSampleDraw({ attempt: 3, ended: [1, 2] }).text,
  };
  const dir = t.testdir(files);
  for (const [file, text] of Object.entries(files)) {
    const name = file === 'beacon' ? file : 'attempts';
    const { ok, checks } = verifyDraw(text);
    const warned = checks.filter(({ warning }) => warning).map((check) => check.name);
    t.match({ ok, warned }, { ok: true, warned: [name] });
    const { code, stdout } = await runPython(path.join(dir, file));
    t.equal(code, 0, stdout);
    t.same(Object.keys(JSON.parse(stdout).warnings), [name]);
  }
});
