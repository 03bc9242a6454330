import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const LISTENING = '0A';

/** The process that listens on a TCP port, as `redis-server (pid 812)`; undefined if it belongs to another user. */
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
      // The process has ended, or belongs to another user.
    }
  }
  return undefined;
}

/** Whether any process listens on the port. */
export function isListenedOn(port: number): boolean {
  return findListeningInodes(port).length > 0;
}

function findListeningInodes(port: number): string[] {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => {
    const rows = readTable(file).map((line) => line.trim().split(/\s+/));
    return rows.filter((row) => row[1]?.endsWith(`:${hexPort}`) && row[3] === LISTENING).map((row) => row[9] ?? '');
  });
}

function readTable(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').slice(1);
  } catch {
    return []; // No IPv6.
  }
}

function readLink(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return '';
  }
}
