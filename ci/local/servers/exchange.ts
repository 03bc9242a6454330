import { createConnection } from 'node:net';

export type ExchangeOptions = {
  port: number;
  request: string | Buffer;
  limitMs: number;
  /** Whether the answer is complete; throws for an error. */
  isAnswer(answer: Buffer): boolean;
};

/** Sends a request to a local server on a new connection, without the retries of a client. Resolves at its answer. */
export function exchange({ port, request, limitMs, isAnswer }: ExchangeOptions): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = createConnection({ port, host: '127.0.0.1', timeout: limitMs }, () => socket.write(request));
  let answer = Buffer.alloc(0);
  socket.on('data', (data) => {
    answer = Buffer.concat([answer, data]);
    try {
      if (isAnswer(answer)) resolve();
    } catch (error) {
      reject(error);
    }
  });
  socket.on('timeout', () => reject(new Error('no answer')));
  socket.on('error', reject);
  socket.on('close', () => reject(new Error('connection closed')));
  return promise.finally(() => socket.destroy());
}
