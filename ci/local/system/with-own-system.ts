import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stopOnSignal } from '../../command/stop-on-signal.ts';
import type { Supervisor } from '../supervisor/start-supervisor.ts';

const INTERRUPTED = 130;

/**
 * Gives `work` an empty folder for a system of its own. When it is over, also by a signal, that system is stopped and the folder gone.
 * `onOpen` is to be called with the supervisor before anything is started.
 */
export async function withOwnSystem<T>(
  name: string,
  work: (dir: string, onOpen: (supervisor: Supervisor) => void) => Promise<T>,
): Promise<T> {
  // A short name: a socket's address has 108 bytes.
  const dir = mkdtempSync(path.join(tmpdir(), `${name}-`));
  let supervisor: Supervisor | undefined;
  const end = async () => {
    await supervisor?.stop();
    rmSync(dir, { recursive: true, force: true });
  };
  stopOnSignal(() => void end().finally(() => process.exit(INTERRUPTED)));
  try {
    return await work(dir, (opened) => {
      supervisor = opened;
    });
  } finally {
    await end();
  }
}
