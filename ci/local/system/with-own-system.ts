import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { exitOnSignal } from '../../command/stop-on-signal.ts';
import type { Supervisor } from '../supervisor/start-supervisor.ts';

/**
 * Calls `work` with an empty folder for its own system. At the end, also after a signal, stops that system and removes the folder.
 * `work` calls `onOpen` with the supervisor before it starts any process, for each system that it starts.
 */
export async function withOwnSystem<T>(
  name: string,
  work: (dir: string, onOpen: (supervisor: Supervisor) => void) => Promise<T>,
): Promise<T> {
  // A short name: the address of a socket has at most 108 bytes.
  const dir = mkdtempSync(path.join(tmpdir(), `${name}-`));
  const supervisors: Supervisor[] = [];
  const end = async () => {
    await Promise.all(supervisors.map((supervisor) => supervisor.stop()));
    rmSync(dir, { recursive: true, force: true });
  };
  exitOnSignal(end);
  try {
    return await work(dir, (opened) => void supervisors.push(opened));
  } finally {
    await end();
  }
}
