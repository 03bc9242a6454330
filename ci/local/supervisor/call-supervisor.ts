import { createConnection } from 'node:net';
import { type ControlAnswer, type ControlReply, type ControlRequest, controlPath } from './serve-control.ts';

// 10 s to stop, 30 s to become ready, and a reserve.
const ANSWER_WITHIN_MS = 60_000;
const ANSWER_MAX_BYTES = 1024 * 1024;

/** Sends a request to the supervisor of the system in `dir`. Rejects with its error, or when no supervisor is running. */
export async function callSupervisor(dir: string, request: ControlRequest): Promise<ControlReply> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = createConnection(controlPath(dir), () => socket.write(`${JSON.stringify(request)}\n`));
  let text = '';
  socket.on('data', (data) => {
    text += data;
    if (text.length > ANSWER_MAX_BYTES) reject(new Error('the answer of the supervisor is too long'));
  });
  socket.on('end', () => resolve(text));
  socket.on('error', (cause) => reject(new Error(`no supervisor is running in ${dir}`, { cause })));
  socket.setTimeout(ANSWER_WITHIN_MS, () => reject(new Error(`no answer within ${ANSWER_WITHIN_MS / 1000} s`)));
  const line = await promise.finally(() => socket.destroy());
  if (line === '') throw new Error('the supervisor ended before it answered');
  const answer = JSON.parse(line) as ControlAnswer;
  if (!answer.ok) throw new Error(answer.error);
  return answer;
}
