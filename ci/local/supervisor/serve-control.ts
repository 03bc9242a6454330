import { mkdirSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import path from 'node:path';
import type { ProcessKind } from './run-file.ts';
import type { Supervisor } from './start-supervisor.ts';
import type { Replacement } from './supervise-process.ts';

export type ControlRequest = { ask: 'list' } | { ask: 'replace' | 'halt'; name: string };
export type ControlReply = { processes: ReturnType<Supervisor['list']>; replacement?: Replacement };
export type ControlAnswer = ({ ok: true } & ControlReply) | { ok: false; error: string };

/** A deploy brings no new code for nginx and the servers, which hold connections or data. */
const allowed: Record<'replace' | 'halt', readonly ProcessKind[]> = {
  replace: ['order-worker', 'provider', 'consumer'],
  halt: ['order-worker'],
};

const REQUEST_MAX_BYTES = 200;
const ASK_WITHIN_MS = 2000;
const MAX_CALLERS = 8;
// The address of a socket has 108 bytes.
const PATH_MAX_BYTES = 107;

export const controlPath = (dir: string): string => path.join(dir, 'run', 'control.sock');

/**
 * Serves commands of this user at a socket that no other user can open: one line of JSON as request, one as answer. A command can
 * list the processes, replace one process at a time, and halt an order-worker until it is replaced. Returns a function that ends it.
 */
export async function serveControl(supervisor: Supervisor): Promise<() => void> {
  const file = controlPath(supervisor.dir);
  if (Buffer.byteLength(file) > PATH_MAX_BYTES) {
    supervisor.print(
      `! ${file} is too long for a socket address: ci/bin/deploy cannot replace processes of this system`,
    );
    return () => {};
  }
  let busyWith: string | undefined;

  async function answer(request: ControlRequest): Promise<ControlAnswer> {
    if (request.ask === 'list') return { ok: true, processes: supervisor.list() };
    const { ask, name } = request;
    const kind = supervisor.list().find((process) => process.name === name)?.kind;
    if (kind === undefined || !allowed[ask].includes(kind)) {
      throw new Error(`${name} cannot be ${ask === 'halt' ? 'halted' : 'replaced'}`);
    }
    if (busyWith !== undefined) throw new Error(`${busyWith} is being replaced by another command`);
    busyWith = name;
    try {
      const replacement = ask === 'replace' ? await supervisor.replace(name) : undefined;
      if (ask === 'halt') await supervisor.halt(name);
      return { ok: true, processes: supervisor.list(), ...(replacement && { replacement }) };
    } finally {
      busyWith = undefined;
    }
  }

  mkdirSync(path.dirname(file), { recursive: true });
  rmSync(file, { force: true });
  const server = createServer((socket) => {
    readRequest(socket)
      .then(answer)
      .catch((error: Error): ControlAnswer => ({ ok: false, error: error.message }))
      .then((reply) => socket.end(`${JSON.stringify(reply)}\n`));
  });
  server.maxConnections = MAX_CALLERS;
  server.on('error', (error) => supervisor.print(`! ${file}: ${error.message}`));
  // listen() creates the file at once, with this umask.
  const umask = process.umask(0o177);
  const listening = Promise.withResolvers<void>();
  try {
    server.listen(file, listening.resolve);
    server.once('error', listening.reject);
  } finally {
    process.umask(umask);
  }
  await listening.promise;
  return () => server.close();
}

function readRequest(socket: Socket): Promise<ControlRequest> {
  const { promise, resolve, reject } = Promise.withResolvers<ControlRequest>();
  const tooLate = setTimeout(() => reject(new Error('no request received')), ASK_WITHIN_MS);
  let text = '';
  socket.on('data', (data) => {
    text += data;
    const end = text.indexOf('\n');
    if (end >= 0) {
      try {
        resolve(parseRequest(text.slice(0, end)));
      } catch (error) {
        reject(error);
      }
    } else if (text.length > REQUEST_MAX_BYTES) reject(new Error('the request is too long'));
  });
  socket.on('error', () => reject(new Error('the caller has disconnected')));
  socket.on('close', () => reject(new Error('the caller has disconnected')));
  return promise.finally(() => clearTimeout(tooLate));
}

function parseRequest(line: string): ControlRequest {
  const { ask, name } = JSON.parse(line) as Record<string, unknown>;
  if (ask === 'list') return { ask };
  if ((ask === 'replace' || ask === 'halt') && typeof name === 'string') return { ask, name };
  throw new Error('valid requests are list, and replace or halt with a name');
}
