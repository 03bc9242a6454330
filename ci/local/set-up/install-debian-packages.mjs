import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { findProgram } from './find-program.mjs';
import { runCommand } from './run-command.mjs';
import { showStep } from './show-step.mjs';

/** @typedef {{ title: string, package: string }} DebianPackage */

/**
 * Installs Debian packages so that none of them starts a server: while apt runs, a policy-rc.d refuses every start.
 * A policy that is there already is somebody's decision and stays as it is.
 *
 * @param {DebianPackage[]} packages
 */
export async function installDebianPackages(packages) {
  if (packages.length === 0) return;
  const aptGet = findProgram('apt-get');
  const isRoot = process.getuid?.() === 0;
  if (!aptGet || !isRoot) {
    const why = aptGet ? 'only root may install packages' : 'there is no apt-get here';
    const names = packages.map((one) => one.package).join(' ');
    throw new Error(
      `Missing: ${packages.map((one) => one.title).join(', ')}, and ${why}.\n` +
        `  On Debian or Ubuntu: sudo apt-get update && sudo apt-get install --no-install-recommends ${names}\n` +
        '  Elsewhere: install these with your system’s package manager, so that they are in the PATH, or use servers that\n' +
        '  run already: set MYSQL_URL, REDIS_URL or KAFKA_BROKERS (see docs/settings.md).',
    );
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' };
  // Another apt may hold the lock, an automatic update for one: wait for it.
  const apt = ['-q', '-o', 'DPkg::Lock::Timeout=300'];
  await showStep('list of Debian packages', 'updated', (progress) =>
    runCommand(aptGet, [...apt, 'update'], { env, onLine: progress }),
  );
  const allowServerStarts = refuseServerStarts();
  try {
    for (const one of packages) {
      await showStep(one.title, 'installed', (progress) =>
        runCommand(aptGet, [...apt, 'install', '-y', '--no-install-recommends', one.package], {
          env,
          onLine: progress,
        }),
      );
    }
  } finally {
    allowServerStarts();
  }
}

/**
 * @param {string} [file]
 * @returns {() => void} takes the refusal back; also done at any exit of this process
 */
export function refuseServerStarts(file = '/usr/sbin/policy-rc.d') {
  if (existsSync(file)) return () => {};
  writeFileSync(file, '#!/bin/sh\n# Written by flash-sale for the time of an installation.\nexit 101\n', {
    mode: 0o755,
  });
  const remove = () => rmSync(file, { force: true });
  process.once('exit', remove);
  return () => {
    process.removeListener('exit', remove);
    remove();
  };
}
