import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { builtPages } from '../consumer/page-routes.ts';
import { root } from './set-up/set-up.mjs';

const sources = path.join(root, 'consumer', 'pages');
const stamp = path.join(builtPages, 'made-of');

/** Makes the browsers' files of consumer/pages/; does nothing where they are made of the same. Resolves with whether it did. */
export async function buildPages(): Promise<boolean> {
  const hash = hashSources();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return false;
  // Only now: it takes a third of a second to load.
  const { build } = await import('vite');
  const page = (name: string) => path.join(sources, name, 'index.html');
  // Vite sets it, and every process that npm start starts after this would refuse the demo as production's.
  const wasSet = Object.hasOwn(process.env, 'NODE_ENV');
  await build({
    configFile: false,
    root: sources,
    base: '/pages/',
    logLevel: 'warn',
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      outDir: builtPages,
      emptyOutDir: true,
      // What is put into a page itself the pages' policy would refuse.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: { storefront: page('storefront'), console: page('console') } },
    },
  });
  if (!wasSet) Reflect.deleteProperty(process.env, 'NODE_ENV');
  writeFileSync(stamp, hash);
  return true;
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

if (import.meta.main) console.log(`· pages … ${(await buildPages()) ? 'built' : 'up to date'}`);
