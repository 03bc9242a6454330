import { constants, type ServerHttp2Session } from 'node:http2';
import { Server as NetServer } from 'node:net';
import type { Server } from '@grpc/grpc-js';
import { pause, realClock } from '../../proto/process/clock.ts';

// grpc-js closes a connection in the moment it says GOAWAY (max_connection_age and tryShutdown alike). Calls that were just then on
// their way meet a closed socket, whose reset throws GOAWAY away as well, and nobody knows what became of them. Here the
// connection stays open until the caller has read GOAWAY, which names the last call that we took: later ones were not begun, and
// grpc-js makes them elsewhere by itself. A GOAWAY that names none ("soon") is no better: Node's client then sometimes keeps a
// call back for good.

// Connections end after a while, so that consumers see new replicas.
const AGE_MS = 30_000;
const AGE_SPREAD = 0.2;
const LOOK_EVERY_MS = 1000;
// Node's client often says nothing any more after a GOAWAY: then this is its time, and that of a caller who is very busy.
const LEAVE_WITHIN_MS = 1500;
const LEFT_EVERY_MS = 20;

/** Not part of grpc-js's interface; a test notices when they change. */
type Inside = { sessions: Map<ServerHttp2Session, unknown>; http2Servers: Map<NetServer, unknown> };

export type TurnedConnections = {
  /** Lets no new caller in and sends all others away; resolves when they have left, or have had their time to. */
  drain(): Promise<void>;
  close(): void;
};

/** Turns connections over: each caller is sent away after some 30 s, and all are at the end. */
export function recycleConnections(server: Server): TurnedConnections {
  const { sessions, http2Servers } = server as unknown as Inside;
  const dueAtMs = new WeakMap<ServerHttp2Session, number>();
  const timer = setInterval(() => {
    const nowMs = realClock.nowMs();
    for (const session of sessions.keys()) {
      const dueMs = dueAtMs.get(session);
      if (dueMs === undefined) dueAtMs.set(session, nowMs + AGE_MS * (1 - AGE_SPREAD * Math.random()));
      else if (nowMs >= dueMs) {
        sendAway(session);
        dueAtMs.set(session, Number.POSITIVE_INFINITY);
      }
    }
  }, LOOK_EVERY_MS);

  return {
    async drain() {
      // The HTTP/2 server's own close would end the connections as well. A caller who cannot connect has sent nothing.
      for (const http2Server of http2Servers.keys()) NetServer.prototype.close.call(http2Server);
      for (const session of sessions.keys()) sendAway(session);
      const untilMs = realClock.nowMs() + LEAVE_WITHIN_MS;
      while (realClock.nowMs() < untilMs && sessions.size > 0) await pause(realClock, LEFT_EVERY_MS);
    },
    close: () => clearInterval(timer),
  };
}

function sendAway(session: ServerHttp2Session): void {
  if (session.closed || session.destroyed) return;
  const close = () => session.close();
  session.goaway(constants.NGHTTP2_NO_ERROR);
  // Answered behind all that was sent before GOAWAY was read.
  session.ping(close);
  const timer = setTimeout(close, LEAVE_WITHIN_MS);
  session.once('close', () => clearTimeout(timer));
}
