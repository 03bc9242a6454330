import { findSession, isAlive, type ProcessIdentity, waitUntilGone } from './process-identity.ts';
import { type RunningProcess, readRunFile, removeRunFile, stopOrder } from './run-file.ts';

const killLimitMs = 5000;

/**
 * Stops, in order, what a supervisor that is gone has left running, and forgets the start. Only processes with the
 * recorded pid and start time are signalled, and the rest of the sessions that they began. Throws while the supervisor
 * lives: then nothing was left behind, and the processes are another command's.
 */
export async function stopLeftBehind(dir: string, print: (line: string) => void): Promise<number> {
  const run = readRunFile(dir);
  if (!run) return 0;
  if (isAlive(run.supervisor))
    throw new Error(`${dir} is in use by a supervisor that lives (pid ${run.supervisor.pid})`);
  let stopped = 0;
  for (const kind of stopOrder) {
    const left = run.processes.filter((one) => one.kind === kind && findSession(one).length > 0);
    await Promise.all(left.map((one) => stopSession(one, print)));
    stopped += left.length;
  }
  removeRunFile(dir);
  return stopped;
}

async function stopSession(one: RunningProcess, print: (line: string) => void): Promise<void> {
  print(`· ${one.name} (pid ${one.pid}), left behind … stopping`);
  const asked = isAlive(one) ? [one] : findSession(one);
  for (const member of asked) {
    signal(member, 'SIGTERM');
    signal(member, 'SIGCONT'); // A frozen process can't hear the first one.
  }
  try {
    await waitUntilGone(one, one.stopLimitMs);
  } catch {
    print(`! ${one.name} (pid ${one.pid}) did not stop within ${one.stopLimitMs / 1000} s: killed`);
    for (const member of findSession(one)) signal(member, 'SIGKILL');
    await waitUntilGone(one, killLimitMs);
  }
}

function signal(identity: ProcessIdentity, name: NodeJS.Signals): void {
  try {
    if (isAlive(identity)) process.kill(identity.pid, name);
  } catch {
    // Gone between the look and the signal.
  }
}
