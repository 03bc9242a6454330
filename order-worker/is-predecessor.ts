import { hostname } from 'node:os';

/**
 * Whether a member of the group by the name `other` is what this process replaces: it has the same name, or one of this kind and
 * host with the number of a process that is not there any more.
 */
export function isPredecessor(other: string, name: string): boolean {
  if (other === name) return true;
  const [ownHost, pid] = splitName(name);
  const [host, otherPid] = splitName(other);
  const isOurPid = pid === process.pid && ownHost.endsWith(`-${hostname().replace(/[^A-Za-z0-9._-]/g, '-')}`);
  return isOurPid && host === ownHost && otherPid !== undefined && !isThere(otherPid);
}

/** A name that was not given is kind, host and process number. */
function splitName(name: string): [string, number | undefined] {
  const [, host = name, digits] = /^(.*)-(\d{1,10})$/.exec(name) ?? [];
  return [host, digits === undefined ? undefined : Number(digits)];
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: another user's.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
