import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const ANSWER_WITHIN_MS = 12_000;

/** What a client of our own making sends: whole, or part by part with a pause before each further one. */
export type Speech = { parts: (string | Buffer)[]; pauseMs?: number; hangUp?: boolean };

type Header = readonly [name: string, value: string];

/** Who and what the tables speak of. */
export type HttpScene = {
  ann: Header;
  bob: Header;
  /** An administrator. */
  boss: Header;
  /** Open, with units left. */
  sid: number;
  closedSid: number;
  annsOrder: string;
};

/** What is said, and the answer that docs/problems.md has for it. Status 0: none, the connection is closed. */
export type HttpCase = [name: string, said: Speech | Speech['parts'], status: number, code?: string];

/** `status` 0: the connection was closed without an answer. */
export type Received = { status: number; code: string; text: string };

/** Sends bytes as they are, which no HTTP client would, and resolves with the first answer. */
export async function speakHttp(port: number, { parts, pauseMs = 0, hangUp = false }: Speech): Promise<Received> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  let text = '';
  let closed = false;
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.on('data', (part) => {
    text += part.toString('latin1');
    if (isWhole(text)) resolve();
  });
  // A server that has answered already may reset what is still being sent.
  socket.on('error', () => resolve());
  socket.on('close', () => {
    closed = true;
    resolve();
  });
  const speaking = (async () => {
    for (const [index, part] of parts.entries()) {
      if (index > 0) await sleep(pauseMs);
      if (closed || socket.destroyed) return;
      socket.write(part);
    }
    if (hangUp) socket.end();
  })();
  const late = sleep(ANSWER_WITHIN_MS).then(() => {
    throw new Error(`no answer, and no end, within ${ANSWER_WITHIN_MS} ms: ${text.slice(0, 200)}`);
  });
  try {
    await Promise.race([promise, late]);
  } finally {
    late.catch(() => undefined);
    socket.destroy();
    await speaking;
  }
  const status = Number(/^HTTP\/1\.\d (\d{3})/.exec(text)?.[1] ?? 0);
  return { status, code: /"code":"(\w+)"/.exec(text)?.[1] ?? '', text };
}

function isWhole(text: string): boolean {
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
  /** In place of the body's own length; null: none is said. */
  length?: number | null | undefined;
};

/** A request's bytes. Nothing in it is checked. */
export function httpBytes({ method = 'GET', path, headers = [], body, length }: Request): Buffer {
  const said = length === undefined && body !== undefined ? Buffer.byteLength(body) : length;
  const lines = [
    `${method} ${path} HTTP/1.1`,
    'Host: sale.example',
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(said === undefined || said === null ? [] : [`Content-Length: ${said}`]),
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), Buffer.from(body ?? '')]);
}
