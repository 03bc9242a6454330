import { once } from 'node:events';
import net from 'node:net';
import type { Test } from 'tap';

export type TestProxy = {
  /** host:port to connect to in place of the real server. */
  address: string;
  /** Ends every connection and refuses new ones, as a server that died. */
  cut(): void;
  /** Lets connections through again. */
  restore(): void;
};

/** A way to a server (host:port) that a test can cut. */
export async function openTestProxy(t: Test, server: string): Promise<TestProxy> {
  const { hostname, port } = new URL(`tcp://${server}`);
  const open = new Set<net.Socket>();
  let isCut = false;
  const proxy = net.createServer((near) => {
    if (isCut) return void near.destroy();
    const far = net.connect({ host: hostname, port: Number(port) });
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        open.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  const cut = () => {
    isCut = true;
    for (const socket of open) socket.destroy();
  };
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  t.teardown(async () => {
    cut();
    proxy.close();
    await once(proxy, 'close');
  });
  return {
    address: `127.0.0.1:${(proxy.address() as net.AddressInfo).port}`,
    cut,
    restore() {
      isCut = false;
    },
  };
}
