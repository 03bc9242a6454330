import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ProcessIdentity, readProcess, waitUntilGone } from './process-identity.ts';
import type { ProcessKind, RunningProcess } from './run-file.ts';
import type { FrozenWatch } from './watch-frozen.ts';

const firstBackOffMs = 200;
const longestBackOffMs = 5000;
const steadyAfterMs = 10_000;
const killLimitMs = 5000;

export type ProcessSpec = {
  name: string;
  kind: ProcessKind;
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** Takes its standard output and standard error. */
  logFile: string;
  /** Time from SIGTERM to SIGKILL. */
  stopLimitMs: number;
  /** Rejects, or waits, until the process can serve; has its own limit. */
  waitUntilReady: (signal: AbortSignal) => Promise<void>;
  /** Tells when the process is frozen: it is killed then, and started again. Without it only its end is noticed. */
  watch?: (watch: FrozenWatch) => Promise<void>;
  /** Called when it has died, and awaited before it is started again; has its own limit. Must not reject. */
  onDeath?: () => Promise<void>;
};

/** How long the old process took to end, and the new one to be ready. */
export type Replacement = { stopMs: number; startMs: number };

export type SupervisedProcess = {
  name: string;
  kind: ProcessKind;
  /** Rejects, with the end of the log, when the process is not ready in time; nothing of it runs then. */
  ready: Promise<void>;
  describe: () => RunningProcess | undefined;
  /**
   * Stops the process and starts it anew, with the code that is there now; resolves once it is ready. When it does not become
   * ready it stays stopped, until it is replaced again, and this rejects with the end of its log.
   */
  replace: () => Promise<Replacement>;
  /** Stops the process until it is replaced. */
  halt: () => Promise<void>;
  stop: () => Promise<void>;
  /** For the last moment, when nothing can be awaited any more. */
  killNow: () => void;
};

type Events = { print: (line: string) => void; onChange: () => void };

/** Starts one process; once it has been ready, it is started again whenever it dies. */
export function superviseProcess(spec: ProcessSpec, events: Events): SupervisedProcess {
  const life = new AbortController();
  let child: ChildProcess | undefined;
  let running: RunningProcess | undefined;
  let restarts = 0;
  let kept: Promise<void> | undefined;
  let hold = new AbortController();
  let replacing = false;

  const launch = (): ChildProcess => {
    child = spawnInOwnSession(spec);
    const pid = child.pid ?? 0;
    const { kind, name, logFile, stopLimitMs } = spec;
    running = { name, kind, pid, startTicks: readProcess(pid)?.startTicks ?? 0, restarts, logFile, stopLimitMs };
    events.onChange();
    return child;
  };

  /** Lives as long as the process is wanted, and is not being replaced. */
  const keepAlive = async (current: ChildProcess): Promise<void> => {
    const signal = AbortSignal.any([life.signal, hold.signal]);
    let backOffMs = firstBackOffMs;
    for (let one = current; ; one = launch()) {
      const upSince = performance.now();
      if (one !== current) reportWhenBack(spec, one, signal, events.print);
      const ending = await endedOrFrozen(spec, one, signal, events.print);
      if (signal.aborted) return;
      if (performance.now() - upSince > steadyAfterMs) backOffMs = firstBackOffMs;
      killSession(one);
      events.print(`! ${spec.name} (pid ${one.pid}) ${ending}; starting it again in ${backOffMs / 1000} s`);
      await Promise.all([sleep(backOffMs, undefined, { signal }).catch(() => {}), spec.onDeath?.()]);
      if (signal.aborted) return;
      backOffMs = Math.min(backOffMs * 2, longestBackOffMs);
      restarts += 1;
    }
  };

  const becomeReady = async (one: ChildProcess): Promise<void> => {
    const untilDeath = new AbortController();
    try {
      await Promise.race([
        spec.waitUntilReady(AbortSignal.any([life.signal, untilDeath.signal])),
        ended(one).then((ending) => Promise.reject(new Error(`${spec.name} ${ending} before it was ready`))),
      ]);
      life.signal.throwIfAborted();
    } catch (cause) {
      if (life.signal.aborted) throw life.signal.reason;
      untilDeath.abort();
      await stopChild(one, spec, running, events.print);
      running = undefined;
      events.onChange();
      throw new Error(`${(cause as Error).message}\n${tailOf(spec.logFile)}`, { cause });
    }
    kept = keepAlive(one);
  };

  const halt = async (): Promise<void> => {
    hold.abort();
    if (child) await stopChild(child, spec, running, events.print);
    await kept;
    life.signal.throwIfAborted();
    running = undefined;
    events.onChange();
  };

  const replace = async (): Promise<Replacement> => {
    if (replacing) throw new Error(`${spec.name} is being replaced already`);
    replacing = true;
    try {
      const startedAt = performance.now();
      await halt();
      hold = new AbortController();
      const stoppedAt = performance.now();
      await becomeReady(launch());
      return { stopMs: stoppedAt - startedAt, startMs: performance.now() - stoppedAt };
    } finally {
      replacing = false;
    }
  };

  const stop = async (): Promise<void> => {
    life.abort(new Error(`${spec.name} is being stopped`));
    if (child) await stopChild(child, spec, running, events.print);
    running = undefined;
    events.onChange();
  };

  rotateLog(spec.logFile);
  const start = async (): Promise<void> => {
    try {
      await becomeReady(launch());
    } catch (error) {
      life.abort(error);
      throw error;
    }
  };
  return {
    name: spec.name,
    kind: spec.kind,
    ready: start(),
    describe: () => running,
    replace,
    halt,
    stop: async () => {
      await stop();
      await kept;
    },
    killNow: () => child && killSession(child),
  };
}

/** Own session: Ctrl-C in the terminal reaches the supervisor alone, which then stops everything in order. */
function spawnInOwnSession(spec: ProcessSpec): ChildProcess {
  const log = openSync(spec.logFile, 'a');
  try {
    const child = spawn(spec.command, spec.args, {
      detached: true,
      stdio: ['ignore', log, log],
      env: spec.env ?? process.env,
      ...(spec.cwd ? { cwd: spec.cwd } : {}),
    });
    child.on('error', () => {}); // Delivery by ended().
    return child;
  } finally {
    closeSync(log);
  }
}

const endings = new WeakMap<ChildProcess, Promise<string>>();

/** Resolves, also long after it happened, to how the process ended. */
function ended(child: ChildProcess): Promise<string> {
  const known = endings.get(child);
  if (known) return known;
  const ending = once(child, 'exit').then(
    ([code, signal]) => (signal ? `was ended by ${signal}` : `ended with code ${code}`),
    (error) => `could not be started: ${error.message}`,
  );
  endings.set(child, ending);
  return ending;
}

async function endedOrFrozen(
  spec: ProcessSpec,
  child: ChildProcess,
  signal: AbortSignal,
  print: (line: string) => void,
): Promise<string> {
  const untilDeath = new AbortController();
  const onFrozen = () => {
    print(`! ${spec.name} (pid ${child.pid}) is frozen: killed`);
    killSession(child);
  };
  const { pid } = child;
  if (pid !== undefined) void spec.watch?.({ pid, signal: AbortSignal.any([signal, untilDeath.signal]), onFrozen });
  return ended(child).finally(() => untilDeath.abort());
}

async function stopChild(
  child: ChildProcess,
  spec: ProcessSpec,
  identity: ProcessIdentity | undefined,
  print: (line: string) => void,
): Promise<void> {
  const gone = ended(child);
  if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
    child.kill('SIGTERM');
    child.kill('SIGCONT'); // A frozen process can't hear the first one.
    const limit = new AbortController();
    const late = sleep(spec.stopLimitMs, 'late', { signal: limit.signal }).catch(() => 'gone');
    if ((await Promise.race([gone, late])) === 'late') {
      print(`! ${spec.name} (pid ${child.pid}) did not stop within ${spec.stopLimitMs / 1000} s: killed`);
      killSession(child);
    }
    limit.abort();
    await gone;
  }
  killSession(child);
  if (identity) await waitUntilGone(identity, killLimitMs).catch((error) => print(`! ${spec.name}: ${error.message}`));
}

/** Also what the process has started itself, such as nginx's workers, which would keep the port. */
function killSession(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nobody is left of it.
  }
}

function reportWhenBack(
  spec: ProcessSpec,
  child: ChildProcess,
  signal: AbortSignal,
  print: (line: string) => void,
): void {
  const startedAt = performance.now();
  const untilDeath = new AbortController();
  void ended(child).then(() => untilDeath.abort());
  spec.waitUntilReady(AbortSignal.any([signal, untilDeath.signal])).then(
    () => print(`· ${spec.name} is back (pid ${child.pid}, ${((performance.now() - startedAt) / 1000).toFixed(1)} s)`),
    (error) => {
      if (!signal.aborted && !untilDeath.signal.aborted) print(`! ${spec.name} runs again, but: ${error.message}`);
    },
  );
}

/** Keeps the log of the start before this one. */
function rotateLog(file: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  if (existsSync(file)) renameSync(file, file.replace(/\.log$/, '.previous.log'));
}

function tailOf(file: string): string {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').slice(-8) : [];
  return [...lines.map((line) => `    ${line}`), `    (${file})`].join('\n');
}
