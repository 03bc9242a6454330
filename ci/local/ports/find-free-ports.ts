import { randomInt } from 'node:crypto';
import net from 'node:net';

// Below the ports that Linux gives to outgoing connections, which could take one in the meantime.
const FIRST = 20_000;
const LAST = 32_000;
const TRIES = 50;

/** Consecutive ports on which no process listens. */
export async function findFreePorts(count: number): Promise<number[]> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const first = randomInt(FIRST, LAST - count);
    const ports = Array.from({ length: count }, (_, index) => first + index);
    const free = await Promise.all(ports.map(canListen));
    if (free.every(Boolean)) return ports;
  }
  throw new Error(`no ${count} consecutive free ports found`);
}

/** Whether a server can listen on this port now. */
export function canListen(port: number): Promise<boolean> {
  const server = net.createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
