import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';

// Below those that the kernel lends (32768 and up on Linux): of these any connection, and any server that asks for port 0, could get one
// before it is used. From 20000 up are rows of ports (find-port-row.ts).
const FIRST_PORT = 10_000;
const LAST_PORT = 20_000;
const MOST_TRIES = 100;

/** Ports that nobody listened on a moment ago. All are held at once while looking, so that they differ. */
export async function findFreePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listenSomewhere));
  const ports = servers.map((server) => (server.address() as net.AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

async function listenSomewhere(): Promise<net.Server> {
  for (let tries = 1; ; tries += 1) {
    const server = net.createServer();
    server.listen({ port: randomInt(FIRST_PORT, LAST_PORT), host: '127.0.0.1' });
    try {
      await once(server, 'listening');
      return server;
    } catch (error) {
      if (tries === MOST_TRIES) throw error;
    }
  }
}
