import { hostname } from 'node:os';

/**
 * Whether this process replaces the group member `other`: it has the same name, or the name of a process of this kind on this host
 * that no longer runs.
 */
export function isPredecessor(other: string, name: string): boolean {
  if (other === name) return true;
  const [ownHost, pid] = splitName(name);
  const [host, otherPid] = splitName(other);
  const isOwnPid = pid === process.pid && ownHost.endsWith(`-${hostname().replace(/[^A-Za-z0-9._-]/g, '-')}`);
  return isOwnPid && host === ownHost && otherPid !== undefined && !isRunning(otherPid);
}

/** A default name is made of kind, host and process id. */
function splitName(name: string): [string, number | undefined] {
  const [, host = name, digits] = /^(.*)-(\d{1,10})$/.exec(name) ?? [];
  return [host, digits === undefined ? undefined : Number(digits)];
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: the process of another user.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
