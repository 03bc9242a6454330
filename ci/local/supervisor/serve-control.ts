import { mkdirSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import path from 'node:path';
import type { ProcessKind } from './run-file.ts';
import type { Supervisor } from './start-supervisor.ts';
import type { Replacement } from './supervise-process.ts';

export type ControlRequest = { ask: 'list' } | { ask: 'replace' | 'halt'; name: string };
export type ControlReply = { processes: ReturnType<Supervisor['list']>; replacement?: Replacement };
export type ControlAnswer = ({ ok: true } & ControlReply) | { ok: false; error: string };

/** What may be replaced. nginx and the servers hold connections or data, and a deploy brings no code of theirs. */
export const replaceable: readonly ProcessKind[] = ['order-worker', 'provider', 'consumer'];

const REQUEST_MAX_BYTES = 200;
const ASK_WITHIN_MS = 2000;
const MAX_CALLERS = 8;
// A socket's address has 108 bytes.
const PATH_MAX_BYTES = 107;

export const controlPath = (dir: string): string => path.join(dir, 'run', 'control.sock');

/**
 * Lets a command of this user ask the supervisor, at a socket that nobody else may open: one line of JSON there, one back. It can
 * list, replace one process at a time by itself, and halt an order-worker until it is replaced; it can start nothing that was not
 * there. Returns what ends it.
 */
export async function serveControl(supervisor: Supervisor): Promise<() => void> {
  const file = controlPath(supervisor.dir);
  if (Buffer.byteLength(file) > PATH_MAX_BYTES) {
    supervisor.print(`! ${file} is too long a name for a socket: ci/bin/deploy cannot replace what runs here`);
    return () => {};
  }
  let busyWith: string | undefined;

  async function answer(request: ControlRequest): Promise<ControlAnswer> {
    if (request.ask === 'list') return { ok: true, processes: supervisor.list() };
    const one = supervisor.list().find(({ name }) => name === request.name);
    if (!one || !replaceable.includes(one.kind)) throw new Error(`${request.name} is nothing that can be replaced`);
    if (request.ask === 'halt' && one.kind !== 'order-worker')
      throw new Error(`${request.name} is nothing that can be halted`);
    if (busyWith !== undefined) throw new Error(`${busyWith} is being replaced by another command`);
    busyWith = one.name;
    try {
      if (request.ask === 'halt') {
        await supervisor.halt(one.name);
        return { ok: true, processes: supervisor.list() };
      }
      const replacement = await supervisor.replace(one.name);
      return { ok: true, processes: supervisor.list(), replacement };
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
  // listen() makes the file at once, and for the owner alone.
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
  const tooLate = setTimeout(() => reject(new Error('nothing was asked')), ASK_WITHIN_MS);
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
    } else if (text.length > REQUEST_MAX_BYTES) reject(new Error('the question is too long'));
  });
  socket.on('error', () => reject(new Error('the caller has gone')));
  socket.on('close', () => reject(new Error('the caller has gone')));
  return promise.finally(() => clearTimeout(tooLate));
}

function parseRequest(line: string): ControlRequest {
  const { ask, name } = JSON.parse(line) as Record<string, unknown>;
  if (ask === 'list') return { ask };
  if ((ask === 'replace' || ask === 'halt') && typeof name === 'string') return { ask, name };
  throw new Error('what can be asked is list, and replace or halt with a name');
}
