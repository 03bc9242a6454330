import { existsSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { runCommand } from './run-command.mjs';
import { showStep } from './show-step.mjs';

/** @typedef {{ packages?: Record<string, { version?: string, integrity?: string, optional?: boolean }> }} Lock */

/** @param {string} root */
export async function installNpmPackages(root) {
  if (npmPackagesAreInstalled(root)) return false;
  await showStep('npm packages and Node 24', 'installed', (progress) =>
    // --include=dev: tests and types are dev dependencies, also with NODE_ENV=production.
    runCommand('npm', ['ci', '--loglevel=error', '--include=dev'], { cwd: root, onLine: progress }),
  );
  linkNode(root);
  return true;
}

/**
 * Links `node_modules/.bin/node`, which npm's scripts find first. npm 9 removes the link together with the package of the other
 * processor.
 *
 * @param {string} root
 */
function linkNode(root) {
  const link = path.join(root, 'node_modules', '.bin', 'node');
  const program = path.join('..', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  if (existsSync(link) || !existsSync(path.join(path.dirname(link), program))) return;
  rmSync(link, { force: true });
  symlinkSync(program, link);
}

/**
 * Compares the lock file with the copy that npm writes to node_modules at the end of an installation. Optional packages may be
 * missing, such as Node for another processor.
 *
 * @param {string} root
 */
export function npmPackagesAreInstalled(root) {
  const wanted = readLock(path.join(root, 'package-lock.json'));
  const installed = readLock(path.join(root, 'node_modules', '.package-lock.json'));
  if (!wanted?.packages || !installed?.packages) return false;
  for (const [name, entry] of Object.entries(wanted.packages)) {
    if (name === '') continue;
    const found = installed.packages[name];
    if (!found && entry.optional) continue;
    if (found?.version !== entry.version || found?.integrity !== entry.integrity) return false;
  }
  return true;
}

/**
 * @param {string} file
 * @returns {Lock | undefined}
 */
function readLock(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}
