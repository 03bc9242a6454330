import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const listening = '0A';

/** Who listens on a TCP port, as `redis-server (pid 812)`; undefined where that can't be told (another user's). */
export function findPortHolder(port: number): string | undefined {
  const sockets = new Set(findListeningInodes(port).map((inode) => `socket:[${inode}]`));
  if (sockets.size === 0) return undefined;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const links = readdirSync(`/proc/${pid}/fd`).map((fd) => readLink(`/proc/${pid}/fd/${fd}`));
      if (links.some((link) => sockets.has(link))) {
        return `${readFileSync(`/proc/${pid}/comm`, 'utf8').trim()} (pid ${pid})`;
      }
    } catch {
      // Gone in the meantime, or another user's.
    }
  }
  return undefined;
}

/** Whether some process listens on the port, whoever it is. */
export function isListenedOn(port: number): boolean {
  return findListeningInodes(port).length > 0;
}

function findListeningInodes(port: number): string[] {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => {
    const rows = readTable(file).map((line) => line.trim().split(/\s+/));
    return rows.filter((row) => row[1]?.endsWith(`:${hexPort}`) && row[3] === listening).map((row) => row[9] ?? '');
  });
}

function readTable(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').slice(1);
  } catch {
    return []; // No IPv6 here.
  }
}

function readLink(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return '';
  }
}
