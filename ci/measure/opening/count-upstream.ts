import { readFileSync } from 'node:fs';

/**
 * The TCP connections to these ports that the kernel knows, as client port and server port. It shows a closed one for 60 s more, so
 * those that a burst opened are the difference of two readings; a client port that was used again in the meantime is not counted twice.
 */
export function readConnections(servers: string[]): Set<string> {
  const ports = new Set(servers.map((address) => Number(address.split(':').at(-1))));
  return parseConnections(readFileSync('/proc/net/tcp', 'latin1'), ports);
}

export function parseConnections(table: string, ports: Set<number>): Set<string> {
  const found = new Set<string>();
  for (const [, local = '', remote = ''] of table.matchAll(/^ *\d+: \w+:(\w{4}) \w+:(\w{4}) /gm)) {
    const [own, other] = [Number.parseInt(local, 16), Number.parseInt(remote, 16)];
    if (other === 0) continue;
    if (ports.has(other)) found.add(`${own} ${other}`);
    else if (ports.has(own)) found.add(`${other} ${own}`);
  }
  return found;
}

export function countNew(before: Set<string>, after: Set<string>): number {
  return after.difference(before).size;
}
