import type { FastifyReply } from 'fastify';
import { Problem } from './problem.ts';

// Streams of server-sent events. Unlike @fastify/sse, which serialises each event and keeps a timer for each reader and waits for slow
// readers, one event is the same bytes for all readers, one timer serves all, and slow readers are dropped.

const HEARTBEAT_MS = 15_000;
const HEARTBEAT = Buffer.from(': still here\n\n');
// Maximum of unread bytes per reader. An event has about 200 bytes, and there are at most 5 per second.
const UNREAD_MAX_BYTES = 64 * 1024;
// Maximum for all readers together: a thousand slow readers could fill the memory of the process.
const UNREAD_TOTAL_MAX_BYTES = 32 * 1024 * 1024;
const CHECK_EVERY_MS = 1000;
// A reader that lost its stream reconnects after 1 to 3 s, so that readers do not reconnect all at once.
const RECONNECT_MIN_MS = 1000;
const RECONNECT_SPREAD_MS = 2000;

export type Stream = {
  /** Drops the reader if it has too many unread bytes. */
  send(bytes: Buffer): void;
  end(): void;
};

export type Reader = {
  /** A client address or a buyer. */
  name: string;
  /** Maximum number of open streams of this reader. */
  maxStreams: number;
  /** When its token expires, milliseconds since 1970: the stream ends at the next heartbeat. */
  untilMs?: number;
};

export type EventHubOptions = {
  /** Maximum number of open streams. */
  maxStreams: number;
  /** Called for each reader that is dropped because it is too slow. */
  onDropped(): void;
  heartbeatMs?: number;
  /** Maximum of unread bytes of all readers; above it the slowest readers are dropped. */
  unreadTotalMaxBytes?: number;
};

export type EventHub = {
  /** Turns the reply into a stream. `onClose` is called once, however it ends. Throws a Problem when the stream cannot be opened. */
  open(reply: FastifyReply, reader: Reader, onClose: () => void): Stream;
  /** Open streams. */
  size(): number;
  /** Ends all streams and opens no further ones. */
  close(): void;
};

type OpenStream = Stream & { beat(): void; drop(): void; unreadBytes(): number };

export function startEventHub(options: EventHubOptions): EventHub {
  const { maxStreams, onDropped, heartbeatMs = HEARTBEAT_MS } = options;
  const { unreadTotalMaxBytes = UNREAD_TOTAL_MAX_BYTES } = options;
  const streams = new Set<OpenStream>();
  const streamsOf = new Map<string, number>();
  let closed = false;
  const heartbeat = setInterval(() => {
    for (const stream of streams) stream.beat();
  }, heartbeatMs);
  const check = setInterval(() => dropSlowest(streams, unreadTotalMaxBytes), CHECK_EVERY_MS);

  function enter({ name, maxStreams: max }: Reader): void {
    const headers = { 'retry-after': '5' };
    if (closed || streams.size >= maxStreams) throw new Problem('busy', 'Too many event streams.', {}, headers);
    const open = streamsOf.get(name) ?? 0;
    if (open >= max) throw new Problem('too_many_requests', `${open} event streams are already open.`, {}, headers);
    streamsOf.set(name, open + 1);
  }

  function leave({ name }: Reader): void {
    const left = (streamsOf.get(name) ?? 1) - 1;
    if (left === 0) streamsOf.delete(name);
    else streamsOf.set(name, left);
  }

  return {
    open(reply, reader, onClose) {
      const { raw } = reply;
      // The client is gone, and its close event was emitted before.
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
          // The client has read nothing since the last heartbeat.
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
      clearInterval(check);
      for (const stream of streams) {
        stream.send(retryLine());
        stream.end();
      }
    },
  };
}

/** Drops the slowest readers until all together have at most `maxBytes` unread bytes. */
function dropSlowest(streams: Set<OpenStream>, maxBytes: number): void {
  const slow = [...streams].filter((stream) => stream.unreadBytes() > 0);
  let bytes = slow.reduce((sum, stream) => sum + stream.unreadBytes(), 0);
  if (bytes <= maxBytes) return;
  for (const stream of slow.toSorted((a, b) => b.unreadBytes() - a.unreadBytes())) {
    if (bytes <= maxBytes) return;
    bytes -= stream.unreadBytes();
    stream.drop();
  }
}

/** Sends the response head, without chunked encoding: the stream ends with its connection. */
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
  raw.write(retryLine());
}

function retryLine(): Buffer {
  return Buffer.from(`retry: ${RECONNECT_MIN_MS + Math.floor(Math.random() * RECONNECT_SPREAD_MS)}\n\n`);
}

/** Encodes one event. `data` becomes JSON, which has no line breaks. `id` null: a reader that reconnects names the id before. */
export function encodeEvent(event: string, id: string | number | null, data: unknown): Buffer {
  return Buffer.from(`${id === null ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}
