import { createConnection } from 'node:net';

const pingLimitMs = 2000;
const apiVersionsKey = 18;
const correlationId = 7;

/**
 * Asks a broker for its ApiVersions, by hand, since only `proto/` knows the client. A broker in KRaft mode answers on
 * its port only once the controller has let it take part.
 */
export function pingKafka(port: number, host = '127.0.0.1'): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = createConnection({ port, host, timeout: pingLimitMs }, () => socket.write(apiVersionsRequest()));
  let answer = Buffer.alloc(0);
  socket.on('data', (data) => {
    answer = Buffer.concat([answer, data]);
    if (answer.length < 10) return;
    const errorCode = answer.readInt16BE(8);
    if (answer.readInt32BE(4) === correlationId && errorCode === 0) resolve();
    else reject(new Error(`error code ${errorCode}`));
  });
  socket.on('timeout', () => reject(new Error('no answer')));
  socket.on('error', reject);
  socket.on('close', () => reject(new Error('connection closed')));
  return promise.finally(() => socket.destroy());
}

/** Length, api key, api version 0, correlation id, client id. */
function apiVersionsRequest(): Buffer {
  const clientId = Buffer.from('ping');
  const request = Buffer.alloc(4 + 2 + 2 + 4 + 2 + clientId.length);
  request.writeInt32BE(request.length - 4, 0);
  request.writeInt16BE(apiVersionsKey, 4);
  request.writeInt16BE(0, 6);
  request.writeInt32BE(correlationId, 8);
  request.writeInt16BE(clientId.length, 12);
  clientId.copy(request, 14);
  return request;
}
