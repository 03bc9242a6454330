import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type BeaconServer = {
  url: string;
  /** Decides the answers from now on. Default: 503. */
  answer(respond: (response: ServerResponse, path: string) => Promise<void> | void): void;
  /** Requests since `answer` was last called. */
  asked(): number;
  close(): Promise<void>;
};

/** In the place of a server of drand. */
export async function startBeacon(): Promise<BeaconServer> {
  let asked = 0;
  let respond: (response: ServerResponse, path: string) => Promise<void> | void = (response) => {
    response.writeHead(503).end();
  };
  const server = createServer((request, response) => {
    asked += 1;
    void respond(response, request.url ?? '');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer(next) {
      respond = next;
      asked = 0;
    },
    asked: () => asked,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
