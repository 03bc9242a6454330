import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { secondsSince } from '../../command/seconds-since.ts';
import { type ProcessSession, type SessionOptions, startSession } from './process-session.ts';
import type { ProcessKind, RunningProcess } from './run-file.ts';
import type { FrozenWatch } from './watch-frozen.ts';

/**
 * STARTING ──ready──▶ RUNNING ──it dies──▶ BACKING_OFF ──▶ RUNNING
 *     │                  │ halt, replace
 *     │ not ready        ▼
 *     └───────────▶  HALTING ──▶ HALTED ──replace──▶ STARTING
 * Each state ──stop, or not ready at the first start──▶ STOPPED, which is final.
 */
export type ProcessState = 'STARTING' | 'RUNNING' | 'BACKING_OFF' | 'HALTING' | 'HALTED' | 'STOPPED';

const FIRST_BACK_OFF_MS = 200;
const MAX_BACK_OFF_MS = 5000;
/** A process that ran for so long starts with the first back-off again. */
const STEADY_AFTER_MS = 10_000;

export type ProcessSpec = SessionOptions & {
  kind: ProcessKind;
  /** Resolves when the process can serve; has its own limit. */
  waitUntilReady: (signal: AbortSignal) => Promise<void>;
  /** Reports a frozen process, which is then killed and restarted. */
  watch?: (watch: FrozenWatch) => Promise<void>;
  /** Called when the process has died, and awaited before its restart; has its own limit. Must not reject. */
  onDeath?: () => Promise<void>;
};

/** How long the old process took to stop, and the new one to become ready. */
export type Replacement = { stopMs: number; startMs: number };

export type SupervisedProcess = {
  name: string;
  kind: ProcessKind;
  /** Rejects with the end of the log when the process is not ready in time; it is stopped then. */
  ready: Promise<void>;
  /** Undefined while no process runs. */
  describe(): RunningProcess | undefined;
  /**
   * Stops the process and starts it with the current code; resolves when it is ready. If it does not become ready it is
   * HALTED, and this rejects with the end of its log.
   */
  replace(): Promise<Replacement>;
  /** Stops the process until it is replaced. */
  halt(): Promise<void>;
  stop(): Promise<void>;
  /** For the exit of the supervisor, when nothing can be awaited any more. */
  killNow(): void;
};

type Events = { print: (line: string) => void; onChange: () => void };

/** Starts a process, and restarts it whenever it dies after it has been ready. */
export function superviseProcess(spec: ProcessSpec, { print, onChange }: Events): SupervisedProcess {
  const { name, kind, logFile, stopLimitMs } = spec;
  const stopping = new AbortController();
  let halting = new AbortController();
  let state: ProcessState = 'STARTING';
  let session: ProcessSession | undefined;
  let restarts = 0;
  let keeping: Promise<void> | undefined;

  function launch(): ProcessSession {
    session = startSession(spec, print);
    onChange();
    return session;
  }

  function launchOrHalt(): ProcessSession {
    try {
      return launch();
    } catch (error) {
      state = 'HALTED';
      throw error;
    }
  }

  async function end(next: ProcessState): Promise<void> {
    await session?.stop();
    session = undefined;
    state = next;
    onChange();
  }

  async function becomeReady(launched: ProcessSession): Promise<void> {
    const died = new AbortController();
    try {
      await Promise.race([
        spec.waitUntilReady(AbortSignal.any([stopping.signal, died.signal])),
        launched.ended.then((ending) => Promise.reject(new Error(`${name} ${ending} before it was ready`))),
      ]);
      stopping.signal.throwIfAborted();
    } catch (cause) {
      if (stopping.signal.aborted) throw stopping.signal.reason;
      died.abort();
      await end('HALTED');
      throw new Error(`${(cause as Error).message}\n${readLogEnd(logFile)}`, { cause });
    }
    state = 'RUNNING';
    keeping = keepRunning(launched);
  }

  /** Restarts the process until it is halted or stopped. */
  async function keepRunning(first: ProcessSession): Promise<void> {
    const signal = AbortSignal.any([stopping.signal, halting.signal]);
    let backOffMs = FIRST_BACK_OFF_MS;
    for (let current = first; ; current = launch()) {
      state = 'RUNNING';
      const upSince = performance.now();
      if (current !== first) reportWhenReady(spec, current, signal, print);
      const ending = await waitForEnd(spec, current, signal, print);
      if (signal.aborted) return;
      state = 'BACKING_OFF';
      if (performance.now() - upSince > STEADY_AFTER_MS) backOffMs = FIRST_BACK_OFF_MS;
      current.kill();
      print(`! ${name} (pid ${current.pid}) ${ending}; restart in ${backOffMs / 1000} s`);
      await Promise.all([sleep(backOffMs, undefined, { signal }).catch(() => {}), spec.onDeath?.()]);
      if (signal.aborted) return;
      backOffMs = Math.min(backOffMs * 2, MAX_BACK_OFF_MS);
      restarts += 1;
    }
  }

  async function start(): Promise<void> {
    rotateLog(logFile);
    try {
      await becomeReady(launch());
    } catch (error) {
      stopping.abort(error);
      state = 'STOPPED';
      throw error;
    }
  }

  async function halt(): Promise<void> {
    state = 'HALTING';
    halting.abort();
    await end('HALTING');
    await keeping;
    stopping.signal.throwIfAborted();
    state = 'HALTED';
  }

  return {
    name,
    kind,
    ready: start(),
    describe() {
      if (!session) return undefined;
      const { pid, startTicks } = session;
      return { name, kind, pid, startTicks, restarts, logFile, stopLimitMs };
    },
    halt,
    async replace() {
      if (state === 'STARTING' || state === 'HALTING') throw new Error(`${name} is already being replaced`);
      const startedAt = performance.now();
      await halt();
      halting = new AbortController();
      state = 'STARTING';
      const stoppedAt = performance.now();
      const launched = launchOrHalt();
      await becomeReady(launched);
      return { stopMs: stoppedAt - startedAt, startMs: performance.now() - stoppedAt };
    },
    async stop() {
      stopping.abort(new Error(`${name} is being stopped`));
      await end('STOPPED');
      await keeping;
    },
    killNow: () => session?.kill(),
  };
}

/** Resolves with how the process ended; kills it when it is frozen. */
async function waitForEnd(
  { name, watch }: ProcessSpec,
  { pid, ended, kill }: ProcessSession,
  signal: AbortSignal,
  print: (line: string) => void,
): Promise<string> {
  const died = new AbortController();
  const onFrozen = () => {
    print(`! ${name} (pid ${pid}) is frozen: killed`);
    kill();
  };
  if (pid !== 0) void watch?.({ pid, signal: AbortSignal.any([signal, died.signal]), onFrozen });
  return ended.finally(() => died.abort());
}

function reportWhenReady(
  { name, waitUntilReady }: ProcessSpec,
  { pid, ended }: ProcessSession,
  signal: AbortSignal,
  print: (line: string) => void,
): void {
  const startedAt = performance.now();
  const died = new AbortController();
  void ended.then(() => died.abort());
  waitUntilReady(AbortSignal.any([signal, died.signal])).then(
    () => print(`· ${name} is ready again (pid ${pid}, ${secondsSince(startedAt)})`),
    (error) => {
      if (!signal.aborted && !died.signal.aborted) print(`! ${name} was restarted, but is not ready: ${error.message}`);
    },
  );
}

/** Keeps the log of the previous start. */
function rotateLog(file: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  if (existsSync(file)) renameSync(file, file.replace(/\.log$/, '.previous.log'));
}

function readLogEnd(file: string): string {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').slice(-8) : [];
  return [...lines.map((line) => `    ${line}`), `    (${file})`].join('\n');
}
