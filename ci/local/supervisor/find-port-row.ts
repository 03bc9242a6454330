import { randomInt } from 'node:crypto';
import net from 'node:net';

// Below the ports that Linux gives to connections, which could take one of the row in the meantime.
const FIRST = 20_000;
const LAST = 32_000;
const TRIES = 50;

/** The first of so many ports in a row that nobody listens on. */
export async function findPortRow(count: number): Promise<number> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const first = randomInt(FIRST, LAST - count);
    const free = await Promise.all(Array.from({ length: count }, (_, index) => isFree(first + index)));
    if (free.every(Boolean)) return first;
  }
  throw new Error(`no ${count} free ports in a row`);
}

function isFree(port: number): Promise<boolean> {
  const server = net.createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
