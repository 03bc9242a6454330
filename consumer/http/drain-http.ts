import { Server } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { pause, realClock } from '../../proto/process/clock.ts';

// nginx closes a connection to us that was idle for a second (nginx/*upstream*); some more for a busy machine.
const IDLE_CONNECTIONS_MS = 2500;
const LOOK_EVERY_MS = 50;

/**
 * Returns what lets the callers go, none of whom loses a request:
 *
 * 1. No new connections. nginx sees one refused before it has sent anything, and goes to another consumer with it. Closed in the
 *    moment after all that wait were accepted: what waits in a closed listener is reset, with the request in it.
 * 2. Connections that are there are served on, and each ends with its next answer, which says `Connection: close`.
 * 3. One that gets no further request is closed by its caller. If we closed it, a POST could already be on its way, and nginx
 *    rightly sends no POST twice.
 *
 * Resolves when no connection is left, or after a while: streams of events stay until the end.
 */
export function drainHttp(app: FastifyInstance): () => Promise<void> {
  let draining = false;
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (draining) reply.header('connection', 'close');
    done();
  });

  return async () => {
    await new Promise((resolve) => setImmediate(resolve));
    // Not the HTTP server's own close, which also ends idle connections.
    Server.prototype.close.call(app.server);
    draining = true;
    const untilMs = realClock.nowMs() + IDLE_CONNECTIONS_MS;
    while (realClock.nowMs() < untilMs && (await countConnections(app)) > 0) await pause(realClock, LOOK_EVERY_MS);
  };
}

function countConnections(app: FastifyInstance): Promise<number> {
  return new Promise((resolve) => app.server.getConnections((error, count) => resolve(error ? 0 : count)));
}
