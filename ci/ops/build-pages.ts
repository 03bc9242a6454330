import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { builtPages } from '../../consumer/api/page-routes.ts';
import { secondsSince } from '../command/seconds-since.ts';
import { root } from '../local/set-up/set-up.mjs';

const sources = path.join(root, 'consumer', 'pages');
const stamp = path.join(builtPages, 'made-of');
const BUILD_LIMIT_MS = 60_000;
// The oldest supported browsers (docs/browsers.md). The build rewrites syntax and CSS for them, but adds no missing functions.
const BROWSER_FLOOR = ['safari16.4', 'chrome111', 'edge111', 'firefox114'];

/**
 * Builds the files for browsers from consumer/pages/, unless the sources are unchanged. In another process, because Vite sets NODE_ENV,
 * which child processes would inherit. Resolves with whether it built them.
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
      // The content security policy of the pages refuses inlined assets.
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
  console.log(`· pages … built (${secondsSince(startedAt)})`);
}
