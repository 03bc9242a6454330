import { spawn } from 'node:child_process';

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/** Sends SIGTERM to every running command. */
export function stopCommands() {
  for (const child of running) child.kill('SIGTERM');
}

/**
 * Runs a command without standard input and collects its output. Rejects for another exit code than 0, with the last lines of the
 * output, where apt, npm and mvn print the reason.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, onLine?: (line: string) => void }} [options]
 * @returns {Promise<string>} standard output and standard error, mixed
 */
export function runCommand(command, args, { cwd, env, onLine } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: env ?? process.env, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    let output = '';
    const keep = (/** @type {Buffer} */ chunk) => {
      const text = chunk.toString();
      output += text;
      const line = text.trim().split('\n').at(-1);
      if (line) onLine?.(line.trim());
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => {
      running.delete(child);
      reject(error);
    });
    child.on('close', (code, signal) => {
      running.delete(child);
      if (code === 0) return resolve(output);
      const tail = output.trim().split('\n').slice(-12).join('\n    ');
      reject(new Error(`${command} ${args.join(' ')} ended with ${signal ?? `code ${code}`}:\n    ${tail}`));
    });
  });
}
