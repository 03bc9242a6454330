import { once } from 'node:events';
import net from 'node:net';

/** Ports that nobody listened on a moment ago. All are held at once while looking, so that they differ. */
export async function findFreePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => net.createServer());
  await Promise.all(
    servers.map(async (server) => {
      server.listen({ port: 0, host: '127.0.0.1' });
      await once(server, 'listening');
    }),
  );
  const ports = servers.map((server) => (server.address() as net.AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
