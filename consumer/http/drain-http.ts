import { Server } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { pause, realClock } from '../../proto/process/clock.ts';

// nginx closes a connection that was idle for a second (nginx/*upstream*); the rest is margin for a busy machine.
const IDLE_CONNECTIONS_MS = 2500;
const CHECK_EVERY_MS = 50;

/**
 * Returns a function that drains the server without losing a request:
 *
 * 1. It accepts no new connections. nginx sees the refusal before it has sent anything, and uses another consumer. The listener closes
 *    after all queued connections were accepted: a closed listener resets its queue, requests included.
 * 2. Open connections are served, and each closes after its next response, which has `Connection: close`.
 * 3. An idle connection is closed by nginx. If this process closed it, a POST could be in flight, and nginx sends no POST twice.
 *
 * Resolves when no connection is left, or after 2.5 s: event streams stay open until the process ends.
 */
export function drainHttp(app: FastifyInstance): () => Promise<void> {
  let draining = false;
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (draining) reply.header('connection', 'close');
    done();
  });

  return async () => {
    await new Promise((resolve) => setImmediate(resolve));
    // The HTTP server's own close would also end idle connections.
    Server.prototype.close.call(app.server);
    draining = true;
    const untilMs = realClock.nowMs() + IDLE_CONNECTIONS_MS;
    while (realClock.nowMs() < untilMs && (await countConnections(app)) > 0) await pause(realClock, CHECK_EVERY_MS);
  };
}

function countConnections(app: FastifyInstance): Promise<number> {
  return new Promise((resolve) => app.server.getConnections((error, count) => resolve(error ? 0 : count)));
}
