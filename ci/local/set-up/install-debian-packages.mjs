import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { findProgram } from './find-program.mjs';
import { runCommand } from './run-command.mjs';
import { showStep } from './show-step.mjs';

/** @typedef {{ title: string, package: string }} DebianPackage */

const POLICY = '/usr/sbin/policy-rc.d';

/**
 * Installs Debian packages without starting their servers: while apt runs, a policy-rc.d refuses every start. An existing policy
 * stays as it is.
 *
 * @param {DebianPackage[]} packages
 */
export async function installDebianPackages(packages) {
  if (packages.length === 0) return;
  const aptGet = findProgram('apt-get');
  const isRoot = process.getuid?.() === 0;
  if (!aptGet || !isRoot) {
    const names = packages.map((debian) => debian.package).join(' ');
    throw new Error(
      `Missing: ${packages.map(({ title }) => title).join(', ')} (${aptGet ? 'only root can install packages' : 'apt-get not found'}).\n` +
        `  On Debian or Ubuntu: sudo apt-get update && sudo apt-get install --no-install-recommends ${names}\n` +
        '  On other systems: install them with the package manager and add them to PATH,\n' +
        '  or set MYSQL_URL, REDIS_URL or KAFKA_BROKERS to use running servers (docs/settings.md).',
    );
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' };
  // Waits for the lock of another apt, such as an automatic update.
  const apt = (/** @type {string[]} */ ...args) => {
    return (/** @type {(line: string) => void} */ onLine) =>
      runCommand(aptGet, ['-q', '-o', 'DPkg::Lock::Timeout=300', ...args], { env, onLine });
  };
  await showStep('list of Debian packages', 'updated', apt('update'));
  const allowServerStarts = refuseServerStarts();
  try {
    for (const { title, package: name } of packages) {
      await showStep(title, 'installed', apt('install', '-y', '--no-install-recommends', name));
    }
  } finally {
    allowServerStarts();
  }
}

/** Returns a function that ends the refusal, which also ends at any exit of this process. */
function refuseServerStarts() {
  if (existsSync(POLICY)) return () => {};
  writeFileSync(POLICY, '#!/bin/sh\n# Written by flash-sale during an installation.\nexit 101\n', { mode: 0o755 });
  const remove = () => rmSync(POLICY, { force: true });
  process.once('exit', remove);
  return () => {
    process.removeListener('exit', remove);
    remove();
  };
}
