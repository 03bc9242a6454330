import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ProcessIdentity, readProcess, waitUntilGone } from './process-identity.ts';

const KILL_LIMIT_MS = 5000;

export type SessionOptions = {
  name: string;
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** Receives standard output and standard error. */
  logFile: string;
  /** Time from SIGTERM to SIGKILL. */
  stopLimitMs: number;
};

/** A process with its own session, which includes the processes that it starts. */
export type ProcessSession = ProcessIdentity & {
  /** Resolves with how the process ended. Never rejects. */
  ended: Promise<string>;
  /** SIGTERM, and SIGKILL after the limit; resolves when no process of the session is left. */
  stop(): Promise<void>;
  /** SIGKILL to all processes of the session, such as nginx's workers, which would keep the port. */
  kill(): void;
};

/** Starts a process. Ctrl-C in the terminal does not reach it: the supervisor stops the sessions in order. */
export function startSession(options: SessionOptions, print: (line: string) => void): ProcessSession {
  const { name, stopLimitMs } = options;
  const child = spawnDetached(options);
  child.on('error', () => {}); // `ended` reports it.
  const ended = once(child, 'exit').then(
    ([code, signal]) => (signal ? `was ended by ${signal}` : `ended with code ${code}`),
    (error: Error) => `could not be started: ${error.message}`,
  );
  const identity = { pid: child.pid ?? 0, startTicks: readProcess(child.pid ?? 0)?.startTicks ?? 0 };

  function kill(): void {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // No process of the session is left.
    }
  }

  async function stop(): Promise<void> {
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
      child.kill('SIGTERM');
      child.kill('SIGCONT'); // A frozen process does not receive SIGTERM.
      const limit = new AbortController();
      const late = sleep(stopLimitMs, 'late', { signal: limit.signal }).catch(() => 'gone');
      if ((await Promise.race([ended, late])) === 'late') {
        print(`! ${name} (pid ${child.pid}) did not stop within ${stopLimitMs / 1000} s: killed`);
        kill();
      }
      limit.abort();
      await ended;
    }
    kill();
    if (child.pid === undefined) return;
    await waitUntilGone(identity, KILL_LIMIT_MS).catch((error) => print(`! ${name}: ${error.message}`));
  }

  return { ...identity, ended, stop, kill };
}

function spawnDetached({ command, args, env = process.env, cwd, logFile }: SessionOptions): ChildProcess {
  const log = openSync(logFile, 'a');
  try {
    return spawn(command, args, {
      detached: true,
      stdio: ['ignore', log, log],
      env,
      ...(cwd !== undefined && { cwd }),
    });
  } finally {
    closeSync(log);
  }
}
