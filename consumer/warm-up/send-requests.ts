import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export type RequestsOptions = {
  port: number;
  connections: number;
  /** The next request as text; undefined: no more. */
  next(): string | undefined;
};

const STATUS_LINE = 'HTTP/1.1 ';

/** Sends requests to a server of this process, one after the other on each connection. Resolves with the responses by status. */
export async function sendRequests({ port, connections, next }: RequestsOptions): Promise<Map<number, number>> {
  const statuses = new Map<number, number>();
  const onStatus = (status: number) => statuses.set(status, (statuses.get(status) ?? 0) + 1);
  await Promise.all(Array.from({ length: connections }, () => useConnection(port, next, onStatus)));
  return statuses;
}

async function useConnection(port: number, next: () => string | undefined, onStatus: (status: number) => void) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  try {
    await once(socket, 'connect');
    await exchange(socket, next, onStatus);
  } finally {
    socket.destroy();
  }
}

/** A response begins with a new chunk, since the next request is sent only after it. */
function exchange(socket: Socket, next: () => string | undefined, onStatus: (status: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const send = () => {
      const request = next();
      if (request === undefined) resolve();
      else socket.write(request, 'latin1');
    };
    socket.on('data', (chunk) => {
      const head = chunk.toString('latin1', 0, STATUS_LINE.length + 3);
      if (!head.startsWith(STATUS_LINE)) return;
      onStatus(Number(head.slice(STATUS_LINE.length)));
      send();
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the connection was closed before the answer')));
    send();
  });
}
