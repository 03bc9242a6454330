import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { builtPages } from '../../consumer/api/page-routes.ts';
import { root } from '../local/set-up/set-up.mjs';

const sources = path.join(root, 'consumer', 'pages');
const stamp = path.join(builtPages, 'made-of');
const BUILD_LIMIT_MS = 60_000;
// The oldest browsers that the pages are for (docs/browsers.md). Syntax and CSS are rewritten for them; functions that they lack are not used.
const BROWSER_FLOOR = ['safari16.4', 'chrome111', 'edge111', 'firefox114'];

/**
 * Makes the browsers' files of consumer/pages/; does nothing where they are made of the same. By a process of its own, for Vite
 * sets NODE_ENV, which our processes would inherit. Resolves with whether it did.
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
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      outDir: builtPages,
      emptyOutDir: true,
      target: BROWSER_FLOOR,
      // What is put into a page itself the pages' policy would refuse.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: { storefront: page('storefront'), console: page('console') } },
    },
  });
  writeFileSync(stamp, hash);
}

function hashSources(): string {
  const hash = createHash('sha256');
  const files = globSync('**/*.*', { cwd: sources, exclude: (name) => name === 'dist' }).sort();
  const all = [
    ...files.map((file) => path.join(sources, file)),
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
  console.log(`· pages … built (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
}
