import { readdirSync, readFileSync } from 'node:fs';
import { waitUntil } from '../../command/wait-until.ts';

/** Pid and start time, from /proc: together they identify a process until the machine reboots. */
export type ProcessIdentity = { pid: number; startTicks: number };
type ProcessState = ProcessIdentity & { sessionId: number; ended: boolean };

/** Start times count from boot, so an identity from before a reboot is invalid. */
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

/** Whether that process is running. Never signal by pid alone: pids are reused. */
export function isAlive({ pid, startTicks }: ProcessIdentity): boolean {
  const found = readProcess(pid);
  return found !== undefined && !found.ended && found.startTicks === startTicks;
}

/**
 * The running processes of the session of `leader`, such as nginx's workers after their master was killed. While one of them runs,
 * the kernel does not reuse the leader's pid; so a process with that pid and another start time means that the session is gone.
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

/** A killed process takes a moment to end: resolves when no process of the session is left, rejects after `limitMs`. */
export function waitUntilGone(leader: ProcessIdentity, limitMs: number): Promise<void> {
  const check = () => {
    if (findSession(leader).length > 0) throw new Error('still running');
  };
  return waitUntil(`the session of pid ${leader.pid} to be gone`, check, { limitMs });
}
