import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { installNpmPackages, npmPackagesAreInstalled } from '../../local/set-up/install-npm-packages.mjs';

/**
 * Installs the packages of a new lock file in another folder and renames it: `npm ci` empties node_modules first, which running
 * processes use.
 *
 * @param {string} root
 */
export async function renewPackages(root) {
  if (npmPackagesAreInstalled(root)) return;
  const stage = path.join(root, '.local', 'packages');
  const old = path.join(root, '.local', 'packages.old');
  for (const dir of [stage, old]) rmSync(dir, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });
  for (const name of ['package.json', 'package-lock.json', '.npmrc']) {
    if (existsSync(path.join(root, name))) cpSync(path.join(root, name), path.join(stage, name));
  }
  await installNpmPackages(stage);
  const current = path.join(root, 'node_modules');
  if (existsSync(current)) renameSync(current, old);
  renameSync(path.join(stage, 'node_modules'), current);
  for (const dir of [stage, old]) rmSync(dir, { recursive: true, force: true });
}
