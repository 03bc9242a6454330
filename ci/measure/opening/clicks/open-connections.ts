import { createConnection, type Socket } from 'node:net';

/** `status` 0: no answer. */
type OnAnswer = (click: number, status: number) => void;

export type Connections = {
  /** Sends a request on a free connection, or on a new one. False: there are as many as allowed, and none is free. */
  send(click: number, request: string): boolean;
  /** How many were opened. */
  opened(): number;
  /** Ends all at once, without leaving ports in TIME_WAIT. */
  close(): void;
};

type Connection = { socket: Socket; click: number; request: string; isConnected: boolean; received: string };

const NO_CLICK = -1;
const READ_BYTES = 64 * 1024;

/**
 * An HTTP client that reads no more than the status of an answer: its CPU time is taken from the system that is measured. Like browsers
 * it opens a connection when none is free, and keeps it.
 */
export function openConnections(port: number, maxConnections: number, onAnswer: OnAnswer): Connections {
  const all = new Set<Connection>();
  const free: Connection[] = [];
  // All connections read into one buffer, because nothing of it is kept.
  const buffer = Buffer.allocUnsafe(READ_BYTES);
  let opened = 0;

  function finish(connection: Connection, status: number): void {
    const { click } = connection;
    connection.click = NO_CLICK;
    connection.received = '';
    if (click !== NO_CLICK) onAnswer(click, status);
  }

  function receive(connection: Connection, bytes: number): void {
    connection.received += buffer.toString('latin1', 0, bytes);
    const status = readStatus(connection.received);
    if (status === undefined) return;
    const isClosing = /\r\nconnection: close\r\n/i.test(connection.received);
    finish(connection, status);
    if (isClosing) connection.socket.destroy();
    else free.push(connection);
  }

  function open(click: number, request: string): void {
    const callback = (bytes: number) => {
      receive(connection, bytes);
      return true;
    };
    const socket = createConnection({ host: '127.0.0.1', port, noDelay: true, onread: { buffer, callback } });
    const connection: Connection = { socket, click, request, isConnected: false, received: '' };
    all.add(connection);
    opened += 1;
    socket.once('connect', () => {
      connection.isConnected = true;
      socket.write(connection.request, 'latin1');
    });
    socket.on('error', () => socket.destroy());
    socket.once('end', () => socket.destroy());
    socket.once('close', () => {
      all.delete(connection);
      finish(connection, 0);
    });
  }

  function takeFree(): Connection | undefined {
    for (let connection = free.pop(); connection; connection = free.pop()) {
      if (!connection.socket.destroyed) return connection;
    }
    return undefined;
  }

  return {
    send(click, request) {
      const connection = takeFree();
      if (connection) {
        connection.click = click;
        connection.socket.write(request, 'latin1');
      } else if (all.size < maxConnections) open(click, request);
      else return false;
      return true;
    },
    opened: () => opened,
    close() {
      for (const { socket } of all) socket.resetAndDestroy();
    },
  };
}

/** The status of a whole answer; undefined while some of it is missing. */
export function readStatus(text: string): number | undefined {
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const length = /\r\ncontent-length: *(\d+)\r\n/i.exec(text.slice(0, headEnd + 2));
  const isWhole = length ? text.length >= headEnd + 4 + Number(length[1]) : text.endsWith('\r\n0\r\n\r\n');
  return isWhole ? Number(text.slice(9, 12)) : undefined;
}
