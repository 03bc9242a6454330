import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { parse } from 'yaml';
import { root } from './local/set-up/set-up.mjs';
import { pagePackages } from './ops/write-sbom.ts';

// The files about the repository agree with each other.

const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
type Package = {
  version: string;
  engines: { node: string };
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
};
const { version, engines, dependencies, devDependencies, optionalDependencies } = JSON.parse(
  read('package.json'),
) as Package;

t.test('one version of Node everywhere', async (t) => {
  const node = read('.nvmrc').trim();
  const [major = '', minor = ''] = node.split('.');
  t.same(Object.values(optionalDependencies), [node, node], 'the packages that bring Node');
  const [, least = ''] = /^>=(\d+\.\d+)$/.exec(engines.node) ?? [];
  t.equal(least.split('.')[0], major);
  t.ok(Number(minor) >= Number(least.split('.')[1]), `${node} satisfies ${engines.node}`);
  t.match(devDependencies['@types/node'], new RegExp(`^\\^${major}\\.`));
  for (const file of ['Dockerfile', 'compose.yaml', 'ci/bin/choose-images']) {
    t.same([...new Set(read(file).match(/node:\d+/g))], [`node:${major}`], file);
  }
});

t.test('the workflow runs .ci/run, with pinned actions, no right to write, and a time limit', async (t) => {
  const workflow = parse(read('.github/workflows/ci.yml'));
  t.same(workflow.permissions, { contents: 'read' });
  t.same(Object.keys(workflow.jobs), ['checks']);
  const { steps, permissions, 'timeout-minutes': minutes } = workflow.jobs.checks;
  t.equal(permissions, undefined);
  t.equal(minutes, 90);
  type Step = { uses?: string; run?: string; with?: Record<string, unknown> };
  const actions = (steps as Step[]).flatMap(({ uses }) => uses ?? []);
  for (const action of actions) t.match(action, /^actions\/[\w-]+@[0-9a-f]{40}$/);
  t.match(steps, [{ with: { 'persist-credentials': false } }, { with: { 'node-version-file': '.nvmrc' } }]);
  t.match((steps as Step[]).at(-1)?.run, /bash \.ci\/run$/);
});

t.test('npm run sbom lists what runs, without a network', async (t) => {
  // Port 9 of this machine has no registry.
  const env = { ...process.env, npm_config_registry: 'http://127.0.0.1:9', npm_config_fetch_retries: '0' };
  const text = execFileSync('npm', ['run', '--silent', 'sbom'], { cwd: root, env, encoding: 'utf8', timeout: 60_000 });
  const { bomFormat, metadata, components } = JSON.parse(text) as {
    bomFormat: string;
    metadata: { component: { name: string } };
    components: { name: string; licenses?: unknown[]; hashes?: unknown[] }[];
  };
  t.match({ bomFormat, metadata }, { bomFormat: 'CycloneDX', metadata: { component: { name: 'flash-sale' } } });
  const names = new Set(components.map(({ name }) => name));
  t.same(
    [...Object.keys(dependencies), ...pagePackages].filter((name) => !names.has(name)),
    [],
    'every package of the processes and the pages',
  );
  t.ok(names.has('fast-uri'), 'what ajv depends on');
  t.notOk(names.has('tap') || names.has('typescript') || names.has('vite'), 'nothing that only tests and builds use');
  t.same(
    components.filter(({ licenses, hashes }) => !licenses || !hashes),
    [],
    'each with its licence and hash',
  );
});

t.test('the bill of materials knows every package of the pages', async (t) => {
  const files = globSync('consumer/pages/**/*.{ts,tsx}', { cwd: root }).filter(
    (file) => !/\.test\.|dist\/|vite/.test(file),
  );
  const packages = files.flatMap((file) =>
    [...read(file).matchAll(/^(?:import|export) (?!type\b)[^;]*?from '((?:@[\w-]+\/)?[a-z][\w-]*)/gm)].map(
      ([, name = '']) => name,
    ),
  );
  t.same([...new Set(packages)].filter((name) => name !== 'node').sort(), pagePackages);
});

t.test('CHANGELOG.md has a section for the version of package.json, and one for what comes next', async (t) => {
  const versions = [...read('CHANGELOG.md').matchAll(/^## \[(.+?)\](?: - (\d{4}-\d{2}-\d{2}))?$/gm)];
  t.same(versions[0]?.[1], 'Unreleased');
  t.ok(
    versions.some(([, name, date]) => name === version && date !== undefined),
    version,
  );
});

t.test('renovate.json groups every place that names a version of Node', async (t) => {
  const { packageRules, customManagers } = JSON.parse(read('renovate.json')) as {
    packageRules: { groupName: string; matchPackageNames?: string[] }[];
    customManagers: { matchStrings: string[] }[];
  };
  const node = packageRules.find(({ groupName }) => groupName === 'node');
  for (const name of Object.keys(optionalDependencies)) t.ok(node?.matchPackageNames?.includes(name), name);
  const pattern = customManagers[0]?.matchStrings[0] ?? '';
  const images = [...read('ci/bin/choose-images').matchAll(new RegExp(pattern, 'g'))].map(
    ({ groups }) => groups?.depName,
  );
  t.same(images.sort(), ['apache/kafka', 'mysql', 'nginx', 'node', 'redis']);
});
