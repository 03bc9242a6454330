import { type handleUnaryCall, type ServerUnaryCall, status } from '@grpc/grpc-js';
import { CallError, describeFault, InvalidFieldError } from './describe-fault.ts';

/** Makes an rpc of a function: its deadline is looked at before any work is done, and what it throws becomes a status. */
export function answerCall<Request, Reply>(
  warn: (fields: Record<string, unknown>) => void,
  answer: (request: Request) => Promise<Reply>,
): handleUnaryCall<Request, Reply> {
  return (call, callback) => {
    if (isPast(call)) {
      callback({ code: status.DEADLINE_EXCEEDED, details: 'the deadline had passed before the call was looked at' });
      return;
    }
    answer(call.request).then(
      (reply) => callback(null, reply),
      (error: unknown) => {
        if (!(error instanceof CallError || error instanceof InvalidFieldError)) {
          warn({ err: error, rpc: call.getPath() });
        }
        callback(describeFault(error));
      },
    );
  };
}

function isPast(call: ServerUnaryCall<unknown, unknown>): boolean {
  const deadline = call.getDeadline();
  return (deadline instanceof Date ? deadline.getTime() : deadline) < Date.now();
}
