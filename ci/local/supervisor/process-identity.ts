import { readdirSync, readFileSync } from 'node:fs';
import { waitUntil } from '../../command/wait-until.ts';

/** A process as /proc tells it. Pid and start time together name one process for as long as the machine is up. */
export type ProcessIdentity = { pid: number; startTicks: number };
type ProcessState = ProcessIdentity & { sessionId: number; ended: boolean };

/** Start times count from boot, so an identity from before a reboot means nothing. */
export function readBootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

export function readProcess(pid: number): ProcessState | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The second field is the name in brackets and may hold anything: count from the last bracket.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[0] ?? '';
  return { pid, sessionId: Number(fields[3]), startTicks: Number(fields[19]), ended: state === 'Z' || state === 'X' };
}

/** Never signal by pid alone: pids are used again, and the process may be a stranger by now. */
export function isAlive({ pid, startTicks }: ProcessIdentity): boolean {
  const found = readProcess(pid);
  return found !== undefined && !found.ended && found.startTicks === startTicks;
}

/**
 * The living processes of a session that `leader` began, such as nginx's workers after their master was killed.
 * While one of them lives, the kernel gives the leader's pid to nobody else; so a leader with another start time means
 * that ours are all gone.
 */
export function findSession(leader: ProcessIdentity): ProcessIdentity[] {
  const atLeadersPid = readProcess(leader.pid);
  if (atLeadersPid && atLeadersPid.startTicks !== leader.startTicks) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readProcess(Number(name)))
    .filter((found) => found !== undefined)
    .filter((found) => found.sessionId === leader.pid && found.startTicks >= leader.startTicks && !found.ended);
}

/** A killed process lives until the kernel gets to it: resolves once nobody of the session does, rejects after `limitMs`. */
export function waitUntilGone(leader: ProcessIdentity, limitMs: number): Promise<void> {
  const check = () => {
    if (findSession(leader).length > 0) throw new Error('still there');
  };
  return waitUntil(`the session of pid ${leader.pid} to be gone`, check, { limitMs });
}
