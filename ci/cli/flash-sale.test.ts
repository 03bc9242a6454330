import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { root } from '../local/set-up/set-up.mjs';
import { commandList, findNearest } from './command-list.mjs';

const { bin, scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

type Ended = { code: number; stdout: string; stderr: string };
const flashSale = (...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(
      path.join(root, bin['flash-sale']),
      args,
      { cwd: t.testdirName, timeout: 60_000 },
      (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
      },
    );
  });
t.testdir({});

const helps = [
  ...commandList.map(({ name }) => [name]),
  ['bench', '--opening'],
  ['bench', '--overload'],
  ['bench', '--traces'],
  ['bench', '--payments'],
];
for (const words of helps) {
  const name = words.join(' ');
  t.test(`the help of ${name} has examples`, async (t) => {
    const { code, stdout, stderr } = await flashSale(...words, '--help');
    t.match({ code, stderr }, { code: 0, stderr: '' });
    const [, examples = ''] = stdout.split('\nExamples:\n');
    const lines = examples.trimEnd().split('\n');
    t.same(
      lines.filter((line) => !new RegExp(`^ {2}([A-Z_]+=\\S+ )?npx flash-sale ${name}( |$)`).test(line)),
      [],
      stdout,
    );
  });
}

t.test('each command that is an npm script runs the same file', async (t) => {
  const listed = commandList.filter(({ name }) => scripts[name]);
  t.ok(listed.length >= 16, `${listed.length}`);
  for (const { name, file } of listed) t.equal(scripts[name], `node ${file}`);
  t.ok(commandList.every(({ file }) => existsSync(path.join(root, file))));
});

t.test('help lists every command', async (t) => {
  for (const args of [[], ['help'], ['--help']]) {
    const { code, stdout } = await flashSale(...args);
    t.equal(code, 0);
    for (const { name } of commandList) t.match(stdout, new RegExp(`^ {2}${name} `, 'm'));
    t.match(stdout, /\nExamples:\n/);
  }
  t.match(await flashSale('help', 'audit'), { code: 0, stdout: /^Usage: flash-sale audit/ });
});

t.test('an unknown command is an error that names the nearest one', async (t) => {
  t.match(await flashSale('recnocile'), {
    code: 2,
    stdout: '',
    stderr: /unknown command 'recnocile': did you mean reconcile\?/,
  });
  for (const [wrong, right] of [
    ['aduit', 'audit'],
    ['starts', 'start'],
    ['sim', 'simulate'],
    ['benchmark', 'bench'],
  ] as const) {
    t.equal(findNearest(wrong), right);
  }
});

t.test('options, exit code and output are those of the command', async (t) => {
  t.match(await flashSale('audit', '--stock', 'x'), { code: 2, stdout: '', stderr: /--stock takes a whole number/ });
  t.match(await flashSale('make-env', '--wrong'), { code: 2, stdout: '', stderr: /unknown option --wrong/ });
});

t.test('--json - gives the result on standard output, and all other output on standard error', async (t) => {
  const { code, stdout, stderr } = await flashSale('simulate', '--seeds', '2', '--threads', '1', '--json', '-');
  t.equal(code, 0, stderr);
  t.match(JSON.parse(stdout), { from: 1, seeds: 2, broken: [] });
  t.match(stderr, /2 seeds from 1/);
});
