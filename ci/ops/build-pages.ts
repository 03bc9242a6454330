import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { builtClient, builtPages } from '../../consumer/api/page-routes.ts';
import { secondsSince } from '../command/seconds-since.ts';
import { root } from '../local/set-up/set-up.mjs';

const sources = path.join(root, 'consumer', 'pages');
const client = path.join(root, 'consumer', 'client');
// The page that checks draws.
const draws = path.join(root, 'proto', 'draws');
const stamp = path.join(builtPages, 'made-of');
const BUILD_LIMIT_MS = 60_000;
// The oldest supported browsers (docs/browsers.md). The build rewrites syntax and CSS for them, but adds no missing functions.
const BROWSER_FLOOR = ['safari16.4', 'chrome111', 'edge111', 'firefox114'];

/**
 * Builds the files for browsers from consumer/pages/ and consumer/client/, unless the sources are unchanged. In another process, because
 * Vite sets NODE_ENV, which child processes would inherit. Resolves with whether it built them.
 */
export async function buildPages(): Promise<boolean> {
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hashSources()) return false;
  await promisify(execFile)(process.execPath, [import.meta.filename], { timeout: BUILD_LIMIT_MS });
  return true;
}

async function build(): Promise<void> {
  const { build } = await import('vite');
  const page = (name: string) => path.join(sources, name, 'index.html');
  const hash = hashSources();
  await build({
    configFile: false,
    root: sources,
    base: '/pages/',
    logLevel: 'warn',
    worker: { format: 'es' },
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      outDir: builtPages,
      emptyOutDir: true,
      target: BROWSER_FLOOR,
      // The content security policy of the pages refuses inlined assets.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: { storefront: page('storefront'), console: page('console'), verify: page('verify') } },
    },
  });
  await build({
    configFile: false,
    root: client,
    logLevel: 'warn',
    build: {
      outDir: path.dirname(builtClient),
      emptyOutDir: true,
      target: BROWSER_FLOOR,
      modulePreload: { polyfill: false },
      // Not as a library: Vite would keep the white space.
      rolldownOptions: {
        input: path.join(client, 'flash-sale-client.ts'),
        preserveEntrySignatures: 'strict',
        output: { entryFileNames: path.basename(builtClient) },
      },
    },
  });
  // A test that builds gives its children loaders, with which tsc does not start.
  const tsc = path.join(root, 'node_modules', '.bin', 'tsc');
  await promisify(execFile)('env', ['-u', 'NODE_OPTIONS', tsc, '-p', client]);
  writeFileSync(stamp, hash);
}

function hashSources(): string {
  const hash = createHash('sha256');
  const filesOf = (folder: string) =>
    globSync('**/*.*', { cwd: folder, exclude: (name) => name === 'dist' })
      .sort()
      .map((file) => path.join(folder, file));
  const all = [
    ...filesOf(sources),
    ...filesOf(client),
    ...filesOf(draws),
    import.meta.filename,
    path.join(root, 'package-lock.json'),
  ];
  for (const file of all)
    hash
      .update(`${path.relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  return hash.digest('hex');
}

if (import.meta.main) {
  const startedAt = performance.now();
  await build();
  console.log(`· pages … built (${secondsSince(startedAt)})`);
}
