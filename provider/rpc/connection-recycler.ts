import { constants, type ServerHttp2Session } from 'node:http2';
import { Server as NetServer } from 'node:net';
import type { Server } from '@grpc/grpc-js';
import { pause, realClock } from '../../proto/process/clock.ts';

// grpc-js closes a connection immediately after GOAWAY (max_connection_age and tryShutdown). Calls in flight at that moment meet a closed
// socket, whose reset also discards GOAWAY, so that their outcome is unknown. Here the connection stays open until the client has read GOAWAY,
// which contains the last accepted call: later calls were not started, and grpc-js sends them to another provider. A GOAWAY without that call
// is not sufficient: the client of Node.js then sometimes never sends a call.

// Connections are closed regularly, so that consumers find new replicas.
const AGE_MS = 30_000;
const AGE_SPREAD = 0.2;
const CHECK_EVERY_MS = 1000;
// The client of Node.js often does not answer after GOAWAY, and a busy client answers late.
const CLOSE_WITHIN_MS = 1500;
const POLL_EVERY_MS = 20;

/** Not part of the public API of grpc-js. A test fails when it changes. */
type Internals = { sessions: Map<ServerHttp2Session, unknown>; http2Servers: Map<NetServer, unknown> };

export type ConnectionRecycler = {
  /** Accepts no new connections and closes all others; resolves when they are closed, or after CLOSE_WITHIN_MS. */
  drain(): Promise<void>;
  close(): void;
};

/** Closes each connection after about 30 s without losing a call, and all connections on `drain`. */
export function startConnectionRecycler(server: Server): ConnectionRecycler {
  const { sessions, http2Servers } = server as unknown as Internals;
  const dueAtMs = new WeakMap<ServerHttp2Session, number>();
  const timer = setInterval(() => {
    const nowMs = realClock.nowMs();
    for (const session of sessions.keys()) {
      const dueMs = dueAtMs.get(session);
      if (dueMs === undefined) dueAtMs.set(session, nowMs + AGE_MS * (1 - AGE_SPREAD * Math.random()));
      else if (nowMs >= dueMs) {
        closeGracefully(session);
        dueAtMs.set(session, Number.POSITIVE_INFINITY);
      }
    }
  }, CHECK_EVERY_MS);

  return {
    async drain() {
      // Stops listening only: the close of the HTTP/2 server would also close its connections.
      for (const http2Server of http2Servers.keys()) NetServer.prototype.close.call(http2Server);
      for (const session of sessions.keys()) closeGracefully(session);
      const untilMs = realClock.nowMs() + CLOSE_WITHIN_MS;
      while (realClock.nowMs() < untilMs && sessions.size > 0) await pause(realClock, POLL_EVERY_MS);
    },
    close: () => clearInterval(timer),
  };
}

function closeGracefully(session: ServerHttp2Session): void {
  if (session.closed || session.destroyed) return;
  const close = () => session.close();
  session.goaway(constants.NGHTTP2_NO_ERROR);
  // The client answers the ping after everything that it sent before it read GOAWAY.
  session.ping(close);
  const timer = setTimeout(close, CLOSE_WITHIN_MS);
  session.once('close', () => clearTimeout(timer));
}
