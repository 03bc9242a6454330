import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { FETCHED_PROGRAMS, findProgram } from './find-program.mjs';
import { runCommand } from './run-command.mjs';
import { showStep } from './show-step.mjs';

/**
 * Programs and their Debian packages, which are unpacked and not installed: an installation would enable their services, and needs root.
 * They need nothing but libc.
 */
const FETCHED = {
  amtool: 'prometheus-alertmanager',
  'prometheus-node-exporter': 'prometheus-node-exporter',
  'prometheus-mysqld-exporter': 'prometheus-mysqld-exporter',
  'prometheus-blackbox-exporter': 'prometheus-blackbox-exporter',
  'prometheus-nginx-exporter': 'prometheus-nginx-exporter',
};
const LIMIT_SECONDS = '30';
// Without a network it gives up at once.
const APT = ['-q', '-o', 'Acquire::Retries=0', '-o', 'Acquire::http::Timeout=5', '-o', 'Acquire::https::Timeout=5'];

/** Fetches those that are missing. Tests that need them are skipped without them, so a failure is only told. False: none was missing. */
export async function fetchDebianPrograms() {
  const missing = Object.entries(FETCHED).filter(([program]) => !findProgram(program));
  if (missing.length === 0 || !findProgram('apt-get') || !findProgram('dpkg-deb')) return false;
  mkdirSync(FETCHED_PROGRAMS, { recursive: true });
  const dir = mkdtempSync(path.join(FETCHED_PROGRAMS, 'unpack-'));
  try {
    await showStep('exporters and amtool', 'unpacked', async (onLine) => {
      await runCommand('timeout', [LIMIT_SECONDS, 'apt-get', ...APT, 'download', ...missing.map(([, name]) => name)], {
        cwd: dir,
        onLine,
      });
      await Promise.all(readdirSync(dir).map((file) => runCommand('dpkg-deb', ['-x', file, 'unpacked'], { cwd: dir })));
    });
    const bin = path.join(dir, 'unpacked', 'usr', 'bin');
    for (const [program] of missing) renameSync(path.join(bin, program), path.join(FETCHED_PROGRAMS, program));
  } catch (error) {
    console.log(`  tests that need them are skipped: ${error instanceof Error ? error.message : error}`);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
  return true;
}
