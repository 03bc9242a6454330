import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type ProcessIdentity, readBootId } from './process-identity.ts';

/** Kinds in the order in which they are stopped: callers before the processes that they call. */
export const stopOrder = [
  'experiments',
  'prometheus',
  'nginx',
  'count-nginx',
  'consumer',
  'provider',
  'order-worker',
  'kafka',
  'redis',
  'mariadb',
] as const;
export type ProcessKind = (typeof stopOrder)[number];

export type RunningProcess = ProcessIdentity & {
  name: string;
  kind: ProcessKind;
  restarts: number;
  logFile: string;
  stopLimitMs: number;
};

/** The running system, for `npm stop`, `npm run status` and the commands that use it. */
export type RunFile = {
  bootId: string;
  supervisor: ProcessIdentity;
  state: 'starting' | 'up' | 'stopping';
  addresses: Record<string, string>;
  processes: RunningProcess[];
};

function runFilePath(dir: string): string {
  return path.join(dir, 'run', 'system.json');
}

/** Undefined if no system was started since the last boot. */
export function readRunFile(dir: string): RunFile | undefined {
  try {
    const run = JSON.parse(readFileSync(runFilePath(dir), 'utf8')) as RunFile;
    return run.bootId === readBootId() ? run : undefined;
  } catch {
    return undefined;
  }
}

/** Readable for the owner only: the addresses contain passwords. */
export function writeRunFile(dir: string, run: RunFile): void {
  const file = runFilePath(dir);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, `${JSON.stringify(run, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

export function removeRunFile(dir: string): void {
  rmSync(runFilePath(dir), { force: true });
}
