import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { root } from './local/set-up/set-up.mjs';

// The rules of the layout that no compiler knows.

const MAX_LINES = 300;
const notOurs = ['node_modules', '.local', '.tap', '.git', 'gen', 'dist'];

function find(pattern: string): string[] {
  return globSync(pattern, { cwd: root, exclude: (name) => notOurs.includes(path.basename(name)) }).sort();
}

const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const folderOf = (file: string) => file.split(path.sep)[0] ?? '';
const isTest = (file: string) =>
  file.endsWith('.test.ts') || ['testing', 'verify/contracts'].some((room) => file.startsWith(path.join('ci', room)));

const sources = find('{proto,db,provider,consumer,order-worker,ci}/**/*.{ts,tsx,mjs}');
const product = sources.filter((file) => !isTest(file));

/** What each folder may import from, besides itself. */
const mayImport: Record<string, string[]> = {
  proto: [],
  db: ['proto'],
  provider: ['proto', 'db'],
  consumer: ['proto', 'db'],
  'order-worker': ['proto', 'db'],
  ci: ['proto', 'db', 'provider', 'consumer', 'order-worker'],
};

/** Modules that a file names: static, dynamic and re-exporting imports. */
function importsOf(file: string): string[] {
  const text = read(file);
  return [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g)].map(([, name = '']) => name);
}

t.test('all source files are found', async (t) => {
  t.ok(product.includes(path.join('db', 'orders', 'decide-orders.ts')));
  t.ok(product.length > 60, `${product.length}`);
  t.ok(importsOf(path.join('db', 'orders', 'decide-orders.ts')).includes('../../proto/process/clock.ts'));
});

t.test('imports point one way, and services never import each other', async (t) => {
  const wrong = product.flatMap((file) =>
    importsOf(file)
      .filter((name) => name.startsWith('.'))
      .map((name) => folderOf(path.relative(root, path.resolve(root, path.dirname(file), name))))
      .filter((folder) => folder !== folderOf(file) && !mayImport[folderOf(file)]?.includes(folder))
      .map((folder) => `${file} imports from ${folder}`),
  );
  t.same(wrong, []);
});

t.test('product code imports nothing that is there for tests', async (t) => {
  const wrong = product.filter((file) => importsOf(file).some((name) => /\/testing\/|\.test\.ts$|^tap$/.test(name)));
  t.same(wrong, []);
});

t.test(`no file is longer than ${MAX_LINES} lines`, async (t) => {
  const long = product.filter((file) => read(file).split('\n').length > MAX_LINES);
  t.same(long, []);
});

t.test('only proto/kafka/kafka.ts knows kafkajs', async (t) => {
  t.same(
    product.filter((file) => importsOf(file).includes('kafkajs')),
    [path.join('proto', 'kafka', 'kafka.ts')],
  );
});

t.test('settings are read from the environment by config.ts files only', async (t) => {
  // The set-up runs before any package is there (*.mjs), and children are given the whole environment and their PATH.
  const readsOne = /process\.env(\.(?!PATH\b)|\[)|\}\s*=\s*process\.env/;
  const wrong = product.filter((file) => {
    if (path.basename(file) === 'config.ts' || file.endsWith('.mjs')) return false;
    return folderOf(file) === 'ci' ? readsOne.test(read(file)) : read(file).includes('process.env');
  });
  t.same(wrong, []);
});

t.test('no file has a name that says nothing', async (t) => {
  t.same(
    product.filter((file) => /(^|[/-])(utils?|helpers?|common|misc|index|lib)\b/.test(file)),
    [],
  );
});

t.test('proto/gen is what npm run generate makes of the protos', async (t) => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const [command = ''] = (scripts.generate ?? '').split(' && ');
  const dir = t.testdir({});
  const [program = '', ...args] = command.replace('--outDir=proto/gen', `--outDir=${dir}`).split(' ');
  t.ok(args.includes(`--outDir=${dir}`), 'the command names proto/gen');
  execFileSync(path.join(root, 'node_modules', '.bin', program), args, { cwd: root, stdio: 'pipe' });
  const filesOf = (folder: string) => globSync('**/*.ts', { cwd: folder }).sort();
  const gen = path.join(root, 'proto', 'gen');
  t.same(filesOf(gen), filesOf(dir));
  for (const file of filesOf(dir))
    t.equal(readFileSync(path.join(gen, file), 'utf8'), readFileSync(path.join(dir, file), 'utf8'), file);
});

t.test('every relative link of the documents leads somewhere', async (t) => {
  const documents = find('{*.md,docs/**/*.md,{proto,db,provider,consumer,order-worker,ci,nginx}/**/*.md}');
  t.ok(documents.includes('README.md'));
  const dead = documents.flatMap((document) =>
    [...read(document).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, link = '']) => link)
      .filter((link) => !/^[a-z]+:|^#/.test(link))
      .filter((link) => !existsSync(path.resolve(root, path.dirname(document), link.split('#')[0] ?? '')))
      .map((link) => `${document}: ${link}`),
  );
  t.same(dead, []);
});
