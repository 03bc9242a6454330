import { findSession, isAlive, type ProcessIdentity, waitUntilGone } from './process-identity.ts';
import { type RunningProcess, readRunFile, removeRunFile, stopOrder } from './run-file.ts';

const KILL_LIMIT_MS = 5000;

/**
 * Stops, in order, the processes that a dead supervisor left running, and removes its run file. Signals only processes with the
 * recorded pid and start time, and the processes of their sessions. Throws while the supervisor is running.
 */
export async function stopLeftBehind(dir: string, print: (line: string) => void): Promise<number> {
  const run = readRunFile(dir);
  if (!run) return 0;
  if (isAlive(run.supervisor)) throw new Error(`${dir} is in use by a running supervisor (pid ${run.supervisor.pid})`);
  let stopped = 0;
  for (const kind of stopOrder) {
    const left = run.processes.filter((leader) => leader.kind === kind && findSession(leader).length > 0);
    await Promise.all(left.map((leader) => stopSession(leader, print)));
    stopped += left.length;
  }
  removeRunFile(dir);
  return stopped;
}

async function stopSession(leader: RunningProcess, print: (line: string) => void): Promise<void> {
  print(`· ${leader.name} (pid ${leader.pid}), left behind … stopping`);
  const asked = isAlive(leader) ? [leader] : findSession(leader);
  for (const member of asked) {
    signal(member, 'SIGTERM');
    signal(member, 'SIGCONT'); // A frozen process does not receive SIGTERM.
  }
  try {
    await waitUntilGone(leader, leader.stopLimitMs);
  } catch {
    print(`! ${leader.name} (pid ${leader.pid}) did not stop within ${leader.stopLimitMs / 1000} s: killed`);
    for (const member of findSession(leader)) signal(member, 'SIGKILL');
    await waitUntilGone(leader, KILL_LIMIT_MS);
  }
}

function signal(identity: ProcessIdentity, name: NodeJS.Signals): void {
  try {
    if (isAlive(identity)) process.kill(identity.pid, name);
  } catch {
    // It ended between the check and the signal.
  }
}
