import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

/**
 * Runs a script on the Node of the npm packages, forwards signals and resolves with the exit code. The IPC channel shows the script
 * that this process has died without a signal.
 *
 * @param {string} root
 * @param {string} script
 * @param {string[]} args
 * @returns {Promise<number>}
 */
export function runOnNode24(root, script, args) {
  return follow(
    spawn(findNode24(root), [path.join(root, script), ...args], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] }),
  );
}

/**
 * Runs a program, forwards signals and resolves with the exit code.
 *
 * @param {string} program
 * @param {string[]} args
 * @returns {Promise<number>}
 */
export function runProgram(program, args) {
  return follow(spawn(program, args, { stdio: 'inherit' }));
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number>}
 */
function follow(child) {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    // The script receives Ctrl-C twice, from the terminal and from here, and ignores the second one for a while.
    process.on(signal, () => child.kill(signal));
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

/** Whether this process runs on Node 24.12 or newer. */
export function isNode24() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major > 24 || (major === 24 && minor >= 12);
}

/** @param {string} root */
function findNode24(root) {
  const own = path.join(root, 'node_modules', '.bin', 'node');
  if (existsSync(own)) return own;
  if (isNode24()) return process.execPath;
  throw new Error(
    `Node 24.12 or newer is required, this is ${process.versions.node}, and there is no npm package of Node for ` +
      `${process.platform}-${process.arch}: install it from nodejs.org and start again.`,
  );
}
