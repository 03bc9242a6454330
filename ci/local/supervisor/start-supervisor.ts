import { chmodSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { isAlive, readBootId, readProcess } from './process-identity.ts';
import { type ProcessKind, type RunFile, readRunFile, removeRunFile, stopOrder, writeRunFile } from './run-file.ts';
import { stopLeftBehind } from './stop-left-behind.ts';
import { type ProcessSpec, type Replacement, type SupervisedProcess, superviseProcess } from './supervise-process.ts';

export type Supervisor = {
  dir: string;
  print: (line: string) => void;
  logFile: (name: string) => string;
  /** Resolves when the process is ready; rejects with the end of its log when it is not ready in time. */
  start: (spec: ProcessSpec) => Promise<void>;
  /** The processes in the order of their start; without a pid while they do not run. */
  list: () => { name: string; kind: ProcessKind; pid: number | undefined }[];
  /** Stops a process and starts it with the current code. Rejects if it does not become ready. */
  replace: (name: string) => Promise<Replacement>;
  /** Stops a process until it is replaced. */
  halt: (name: string) => Promise<void>;
  pidOf: (name: string) => number | undefined;
  addAddresses: (addresses: Record<string, string>) => void;
  declareUp: () => void;
  /** Registers a function that is called after all processes have stopped. */
  onStop: (clean: () => void) => void;
  /** Stops all processes in order, also those that are starting. A second call waits for the first. */
  stop: () => Promise<void>;
};

/** Supervises the system in a folder. Throws if another supervisor is running there; stops the processes that a dead one left behind. */
export async function startSupervisor(dir: string, print: (line: string) => void): Promise<Supervisor> {
  await takeOver(dir, print);
  const processes: SupervisedProcess[] = [];
  const supervisor = { pid: process.pid, startTicks: readProcess(process.pid)?.startTicks ?? 0 };
  let state: RunFile['state'] = 'starting';
  let addresses: Record<string, string> = {};
  const cleanups: (() => void)[] = [];
  let stopped: Promise<void> | undefined;

  const save = () => {
    const running = processes
      .map((supervised) => supervised.describe())
      .filter((supervised) => supervised !== undefined);
    writeRunFile(dir, { bootId: readBootId(), supervisor, state, addresses, processes: running });
  };

  // For an exit without `stop`, after an error in the supervisor itself.
  const killAll = () => {
    for (const supervised of processes) supervised.killNow();
  };
  process.on('exit', killAll);

  const find = (name: string): SupervisedProcess => {
    const supervised = processes.find((candidate) => candidate.name === name);
    if (!supervised) throw new Error(`there is no process ${name}`);
    return supervised;
  };

  const stopAll = async () => {
    state = 'stopping';
    save();
    for (const kind of stopOrder) {
      await Promise.all(
        processes.filter((supervised) => supervised.kind === kind).map((supervised) => supervised.stop()),
      );
    }
    for (const clean of cleanups) clean();
    process.removeListener('exit', killAll);
    removeRunFile(dir);
  };

  save();
  return {
    dir,
    print,
    logFile: (name) => path.join(dir, 'logs', `${name}.log`),
    start: async (spec) => {
      if (state === 'stopping') throw new Error(`${spec.name} is not started: the system is being stopped`);
      const supervised = superviseProcess(spec, { print, onChange: save });
      processes.push(supervised);
      save();
      await supervised.ready;
    },
    list: () =>
      processes.map((supervised) => ({
        name: supervised.name,
        kind: supervised.kind,
        pid: supervised.describe()?.pid,
      })),
    replace: async (name) => {
      const supervised = find(name);
      if (state !== 'up') throw new Error(`${name} is not replaced: the system is ${state}`);
      return supervised.replace();
    },
    halt: async (name) => find(name).halt(),
    pidOf: (name) => processes.find((supervised) => supervised.name === name)?.describe()?.pid,
    addAddresses: (more) => {
      addresses = { ...addresses, ...more };
      save();
    },
    declareUp: () => {
      state = 'up';
      save();
    },
    onStop: (clean) => {
      cleanups.push(clean);
    },
    stop: () => {
      stopped ??= stopAll();
      return stopped;
    },
  };
}

/** Makes data, logs and passwords accessible for the owner only, including files that are created later. */
function closeToOthers(dir: string): void {
  process.umask(0o077);
  mkdirSync(dir, { recursive: true });
  chmodSync(dir, 0o700);
}

async function takeOver(dir: string, print: (line: string) => void): Promise<void> {
  closeToOthers(dir);
  const run = readRunFile(dir);
  if (run && isAlive(run.supervisor)) {
    const address = run.addresses.nginx ?? dir;
    throw new Error(`already running (pid ${run.supervisor.pid}): ${address}`);
  }
  await stopLeftBehind(dir, print);
}
