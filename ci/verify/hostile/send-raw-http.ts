import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const TIMEOUT_MS = 12_000;

/** Bytes to send, with a pause between the parts. */
export type RawRequest = { parts: (string | Buffer)[]; pauseMs?: number; hangUp?: boolean };

type Header = readonly [name: string, value: string];

/** Tokens, stocks and orders that the cases use. */
export type HttpTargets = {
  ann: Header;
  bob: Header;
  admin: Header;
  /** On sale, with units left. */
  sid: number;
  closedSid: number;
  annsOrder: string;
};

/** A request, and its answer by docs/problems.md. Status 0: the connection is closed without an answer. */
export type HttpCase = [name: string, request: RawRequest | RawRequest['parts'], status: number, code?: string];

/** Status 0: the connection was closed without an answer. */
export type RawAnswer = { status: number; code: string; text: string };

/** Sends the bytes unchanged and resolves with the first answer. */
export async function sendRawHttp(
  port: number,
  { parts, pauseMs = 0, hangUp = false }: RawRequest,
): Promise<RawAnswer> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  let text = '';
  let closed = false;
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.on('data', (part) => {
    text += part.toString('latin1');
    if (isComplete(text)) resolve();
  });
  // A server that has answered may reset the connection while we still send.
  socket.on('error', () => resolve());
  socket.on('close', () => {
    closed = true;
    resolve();
  });
  const sending = (async () => {
    for (const [index, part] of parts.entries()) {
      if (index > 0) await sleep(pauseMs);
      if (closed || socket.destroyed) return;
      socket.write(part);
    }
    if (hangUp) socket.end();
  })();
  const late = sleep(TIMEOUT_MS).then(() => {
    throw new Error(`no answer and no close within ${TIMEOUT_MS} ms: ${text.slice(0, 200)}`);
  });
  try {
    await Promise.race([promise, late]);
  } finally {
    late.catch(() => undefined);
    socket.destroy();
    await sending;
  }
  const status = Number(/^HTTP\/1\.\d (\d{3})/.exec(text)?.[1] ?? 0);
  return { status, code: /"code":"(\w+)"/.exec(text)?.[1] ?? '', text };
}

function isComplete(text: string): boolean {
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd < 0) return false;
  const head = text.slice(0, headEnd);
  if (/^HTTP\/1\.\d 1\d\d/.test(head)) return false;
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
  if (length !== undefined) return text.length >= headEnd + 4 + Number(length);
  return /\r\ntransfer-encoding: chunked/i.test(head) ? text.endsWith('0\r\n\r\n') : true;
}

type Request = {
  method?: string;
  path: string;
  headers?: readonly Header[];
  body?: string | Buffer;
  /** Overrides the body's length; null: no Content-Length. */
  length?: number | null | undefined;
};

/** The bytes of a request. Nothing is checked. */
export function httpBytes({ method = 'GET', path, headers = [], body, length }: Request): Buffer {
  const contentLength = length === undefined && body !== undefined ? Buffer.byteLength(body) : length;
  const lines = [
    `${method} ${path} HTTP/1.1`,
    'Host: sale.example',
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(contentLength === undefined || contentLength === null ? [] : [`Content-Length: ${contentLength}`]),
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), Buffer.from(body ?? '')]);
}
