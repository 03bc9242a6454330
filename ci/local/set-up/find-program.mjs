import { spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';

const OLDEST_JAVA = 17;
/** Of fetch-debian-programs.mjs. */
export const FETCHED_PROGRAMS = path.resolve(import.meta.dirname, '..', '..', '..', '.local', 'programs');

/**
 * The path of the first of these programs that exists. Debian installs servers in /usr/sbin, which is not in the PATH of ordinary
 * users.
 *
 * @param {string[]} names
 * @returns {string | undefined}
 */
export function findProgram(...names) {
  const inPath = (process.env.PATH ?? '').split(path.delimiter);
  const folders = [...inPath, '/usr/local/sbin', '/usr/sbin', '/sbin', FETCHED_PROGRAMS];
  for (const name of names) {
    for (const folder of folders) {
      const file = path.join(folder, name);
      if (folder && isProgram(file)) return file;
    }
  }
  return undefined;
}

/** The browser for the tests of the pages. */
export function findChromium() {
  return findProgram('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable');
}

/** A Java that is new enough for Kafka: from JAVA_HOME, else from PATH. */
export function findJava() {
  const home = process.env.JAVA_HOME;
  const candidates = [home && path.join(home, 'bin', 'java'), findProgram('java')];
  return candidates.find((file) => file && isProgram(file) && javaVersion(file) >= OLDEST_JAVA) || undefined;
}

/** @param {string} file */
function javaVersion(file) {
  // `java -version` prints to standard error: openjdk version "17.0.15" 2025-04-15
  const { stderr } = spawnSync(file, ['-version'], { encoding: 'utf8' });
  return Number(/version "(\d+)/.exec(stderr ?? '')?.[1] ?? 0);
}

/** @param {string} file */
function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
