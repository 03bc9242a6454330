import type { FastifyReply } from 'fastify';
import { Problem } from './problem.ts';

// Streams of server-sent events. @fastify/sse was looked at: it serialises each event and keeps a timer for each listener, and
// waits for slow readers. Here one event is the same bytes for all, one timer serves all, and a slow reader is dropped.

const HEARTBEAT_MS = 15_000;
const HEARTBEAT = Buffer.from(': still here\n\n');
// What a reader may leave unread in this process. An event has some 200 bytes and there are at most 5 a second.
const UNREAD_MAX_BYTES = 64 * 1024;
// What all readers together may: a thousand slow ones would else take as much memory as the process has.
const UNREAD_TOTAL_MAX_BYTES = 32 * 1024 * 1024;
const LOOK_EVERY_MS = 1000;
// A listener that lost its stream comes again after 1 to 3 s: all at once would be a crowd of their own.
const COME_AGAIN_MIN_MS = 1000;
const COME_AGAIN_SPREAD_MS = 2000;

export type Stream = {
  /** Drops the reader when it has left too much unread. */
  send(bytes: Buffer): void;
  end(): void;
};

export type Reader = {
  /** An address or a buyer. */
  name: string;
  /** Maximum number of open streams of this reader. */
  maxStreams: number;
  /** When its token is over, milliseconds since 1970: the stream ends at the next heartbeat, and whoever comes again needs a new one. */
  untilMs?: number;
};

export type EventHubOptions = {
  /** Most streams at once. */
  maxStreams: number;
  /** A reader was too slow. */
  onDropped(): void;
  heartbeatMs?: number;
  /** Most that all readers together may leave unread; above it the slowest are dropped. */
  unreadTotalMaxBytes?: number;
};

export type EventHub = {
  /**
   * Makes the answer a stream. `onClose` is called once, however it ends. Throws a Problem while the answer is still an ordinary
   * one.
   */
  open(reply: FastifyReply, reader: Reader, onClose: () => void): Stream;
  /** Open streams. */
  size(): number;
  /** Ends every stream, and lets no further one in. */
  close(): void;
};

type OpenStream = Stream & { beat(): void; drop(): void; unreadBytes(): number };

export function startEventHub(options: EventHubOptions): EventHub {
  const { maxStreams, onDropped, heartbeatMs = HEARTBEAT_MS } = options;
  const { unreadTotalMaxBytes = UNREAD_TOTAL_MAX_BYTES } = options;
  const streams = new Set<OpenStream>();
  const ofReader = new Map<string, number>();
  let closed = false;
  const heartbeat = setInterval(() => {
    for (const stream of streams) stream.beat();
  }, heartbeatMs);
  const look = setInterval(() => dropSlowest(streams, unreadTotalMaxBytes), LOOK_EVERY_MS);

  function enter({ name, maxStreams: max }: Reader): void {
    const again = { 'retry-after': '5' };
    if (closed || streams.size >= maxStreams) throw new Problem('busy', 'Too many event streams.', {}, again);
    const open = ofReader.get(name) ?? 0;
    if (open >= max) throw new Problem('too_many_requests', `${open} event streams are open.`, {}, again);
    ofReader.set(name, open + 1);
  }

  function leave({ name }: Reader): void {
    const left = (ofReader.get(name) ?? 1) - 1;
    if (left === 0) ofReader.delete(name);
    else ofReader.set(name, left);
  }

  return {
    open(reply, reader, onClose) {
      const { raw } = reply;
      // Gone already: its close would never be heard. The answer goes nowhere.
      if (raw.destroyed) throw new Problem('busy');
      enter(reader);
      const { untilMs = Number.POSITIVE_INFINITY } = reader;
      let wasSlow = false;
      const drop = () => {
        onDropped();
        raw.destroy();
      };
      const stream: OpenStream = {
        drop,
        unreadBytes: () => raw.writableLength,
        send(bytes: Buffer) {
          if (raw.destroyed || raw.writableEnded) return;
          if (raw.writableLength > UNREAD_MAX_BYTES) drop();
          else raw.write(bytes);
        },
        end: () => void raw.end(),
        beat() {
          if (Date.now() >= untilMs) return stream.end();
          // Nothing at all was read between two beats.
          if (wasSlow && raw.writableNeedDrain) return drop();
          wasSlow = raw.writableNeedDrain;
          stream.send(HEARTBEAT);
        },
      };
      streams.add(stream);
      raw.once('close', () => {
        streams.delete(stream);
        leave(reader);
        onClose();
      });
      raw.on('error', () => undefined);
      startStream(reply);
      return stream;
    },
    size: () => streams.size,
    close() {
      closed = true;
      clearInterval(heartbeat);
      clearInterval(look);
      for (const stream of streams) {
        stream.send(comeAgain());
        stream.end();
      }
    },
  };
}

/** Until all together have left no more unread than this. */
function dropSlowest(streams: Set<OpenStream>, maxBytes: number): void {
  const slow = [...streams].filter((stream) => stream.unreadBytes() > 0);
  let bytes = slow.reduce((sum, stream) => sum + stream.unreadBytes(), 0);
  if (bytes <= maxBytes) return;
  for (const stream of slow.toSorted((one, other) => other.unreadBytes() - one.unreadBytes())) {
    if (bytes <= maxBytes) return;
    bytes -= stream.unreadBytes();
    stream.drop();
  }
}

/** Sends the head. No chunks: the end of the stream is the end of its connection. */
function startStream(reply: FastifyReply): void {
  const { raw } = reply;
  reply.hijack();
  const headers = {
    ...reply.getHeaders(),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    connection: 'close',
  };
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) raw.setHeader(name, value);
  raw.removeHeader('transfer-encoding');
  raw.writeHead(200);
  raw.write(comeAgain());
}

function comeAgain(): Buffer {
  return Buffer.from(`retry: ${COME_AGAIN_MIN_MS + Math.floor(Math.random() * COME_AGAIN_SPREAD_MS)}\n\n`);
}

/** One event. `data` becomes JSON, which has no line breaks. */
export function encodeEvent(event: string, id: string | number, data: unknown): Buffer {
  return Buffer.from(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}
