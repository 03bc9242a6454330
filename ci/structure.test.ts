import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { root } from './local/set-up/set-up.mjs';

// The rules of the layout that no compiler knows.

const MAX_LINES = 300;
const MAX_FILES = 16;
const notOurs = ['node_modules', '.local', '.tap', '.git', 'gen', 'dist'];

function find(pattern: string): string[] {
  return globSync(pattern, { cwd: root, exclude: (name) => notOurs.includes(path.basename(name)) }).sort();
}

const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const isTest = (file: string) =>
  file.endsWith('.test.ts') || ['testing', 'verify/contracts'].some((room) => file.startsWith(path.join('ci', room)));

const sources = find('{proto,db,provider,consumer,order-worker,ci}/**/*.{ts,tsx,mjs}');
const product = sources.filter((file) => !isTest(file));

t.test('all source files are found', async (t) => {
  t.ok(product.includes(path.join('db', 'orders', 'decide-orders.ts')));
  t.ok(product.length > 300, `${product.length}`);
});

t.test('imports follow ci/lint/imports.cjs', async (t) => {
  const config = path.join('ci', 'lint', 'imports.cjs');
  const folders = ['proto', 'db', 'provider', 'consumer', 'order-worker', 'ci'];
  const run = (...args: string[]) =>
    spawnSync(path.join(root, 'node_modules', '.bin', 'depcruise'), ['--config', config, ...args, ...folders], {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 100_000_000,
    });
  const { status, stdout } = run('--output-type', 'err');
  t.equal(status, 0, stdout);
  // Into a file: the end of a long text in a pipe may be lost.
  const file = path.join(t.testdir({}), 'modules.json');
  run('--output-type', 'json', '--output-to', file);
  const { modules } = JSON.parse(readFileSync(file, 'utf8')) as { modules: Module[] };
  t.ok(modules.length > product.length / 2, 'TypeScript was read');
  t.same(findFolderCycle(modules), [], 'folders import one way');
});

type Module = { source: string; dependencies: { resolved: string }[] };

/** Folders that import each other, directly or over others; each counts without its subfolders. */
function findFolderCycle(modules: Module[]): string[] {
  const imports = new Map<string, Set<string>>();
  for (const { source, dependencies } of modules) {
    const folder = path.dirname(source);
    const others = dependencies.map(({ resolved }) => path.dirname(resolved)).filter((other) => other !== folder);
    imports.set(folder, new Set([...(imports.get(folder) ?? []), ...others]));
  }
  // A folder that imports nothing that is left is in no cycle.
  for (let size = 0; size !== imports.size; ) {
    size = imports.size;
    for (const [folder, others] of imports) {
      if (![...others].some((other) => imports.has(other))) imports.delete(folder);
    }
  }
  return [...imports.keys()];
}

t.test(`no folder has more than ${MAX_FILES} source files`, async (t) => {
  const folders = Map.groupBy(
    // Migrations are found by their numbers.
    sources.filter((file) => !file.endsWith('.test.ts') && !file.includes('/migrations/')),
    (file) => path.dirname(file),
  );
  t.same(
    [...folders].filter(([, files]) => files.length > MAX_FILES).map(([folder, { length }]) => `${folder}: ${length}`),
    [],
  );
});

t.test('no two migrations have the same number', async (t) => {
  const migrations = sources.filter((file) => file.includes('/migrations/'));
  const numbers = Map.groupBy(migrations, (file) => path.basename(file).split('-', 1)[0]);
  t.ok(numbers.size > 0);
  t.same(
    [...numbers.values()].filter(({ length }) => length > 1),
    [],
  );
});

/** Names of what a file exports. */
function exportsOf(file: string): string[] {
  const text = read(file);
  const declared = text.matchAll(/^export (?:default )?(?:async )?(?:function\*?|const|class|type|enum) (\w+)/gm);
  const listed = [...text.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, names = '']) => names.split(','));
  return [...[...declared].map(([, name = '']) => name), ...listed.map((name) => name.trim())].filter(Boolean);
}

const squeeze = (name: string) => name.replace(/[-_]/g, '').toLowerCase();

// A migration has a number, an entry no name of its own, and these are collections of one kind.
const isCollection = (file: string) =>
  /(^|[/-])(\d{3}-[a-z-]+|main|config|[a-z-]*(table|schemas|settings|texts|types|cases|faults|rules|mutants|formats))\.tsx?$/.test(
    file,
  );

t.test('a file is named after what it exports', async (t) => {
  const wrong = product.filter((file) => {
    const names = exportsOf(file);
    if (names.length === 0 || isCollection(file)) return false;
    const name = path.basename(file).replace(/\.(tsx?|mjs)$/, '');
    const short = names.map((exported) => exported.replace(/^(create|start)/, ''));
    if ([...names, ...short].some((exported) => squeeze(exported) === squeeze(name))) return false;
    // Several exports about one thing: a word of the file's name is in one of theirs.
    const words = name.split('-').map((word) => word.replace(/s$/, ''));
    return names.length === 1 || !words.some((word) => names.some((exported) => squeeze(exported).includes(word)));
  });
  t.same(wrong, []);
});

t.test(`no file is longer than ${MAX_LINES} lines`, async (t) => {
  const long = product.filter((file) => read(file).split('\n').length > MAX_LINES);
  t.same(long, []);
});

t.test('settings are read from the environment by config.ts files only', async (t) => {
  // The set-up runs before any package is there (*.mjs), and children are given the whole environment and their PATH.
  const readsOne = /process\.env(\.(?!PATH\b)|\[)|\}\s*=\s*process\.env/;
  const wrong = product.filter((file) => {
    if (path.basename(file) === 'config.ts' || file.endsWith('.mjs')) return false;
    return file.startsWith('ci') ? readsOne.test(read(file)) : read(file).includes('process.env');
  });
  t.same(wrong, []);
});

t.test('no file has a name that says nothing', async (t) => {
  t.same(
    product.filter((file) => /(^|[/-])(utils?|helpers?|common|misc|index|lib)\b/.test(file)),
    [],
  );
});

// docs/glossary.md, "Formerly". `REFUSED_MISFIT` is a name of the protocol, and docs/releases.md names what older releases had.
t.test('retired words stay away', async (t) => {
  const retired =
    /somebody|whoever|(?<!REFUSED_)misfit|stranger|crowd|(?<!\p{L})rungs?\b|verdict|\bbury|buried|\bdesks?\b/iu;
  const texts = find(
    '{*.md,docs/*.md,{proto,db,provider,consumer,order-worker,ci,nginx}/**/*.{ts,tsx,mjs,md,proto,yaml}}',
  );
  const wrong = texts.filter(
    (file) => !/(glossary|releases)\.md$|structure\.test\.ts$/.test(file) && retired.test(read(file)),
  );
  t.same(wrong, []);
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
