import { type handleUnaryCall, type Metadata, type ServerUnaryCall, status } from '@grpc/grpc-js';
import { IdempotencyError } from '../../db/mysql/change-once.ts';
import type { Metrics } from '../../proto/metrics/metrics.ts';
import { GivenUpError, runForCaller } from '../../proto/process/caller-scope.ts';
import { parseTraceparent } from '../../proto/traces/traceparent.ts';
import { CallError, describeFault, InvalidFieldError } from './describe-fault.ts';

/** Answers, not failures: they are not logged. */
const EXPECTED = [CallError, InvalidFieldError, GivenUpError, IdempotencyError];

/**
 * Creates the handler of a unary rpc. It rejects a call whose deadline has passed, maps exceptions to a status, and ends running SQL
 * statements when the caller disconnects or its deadline passes.
 */
export function createUnaryHandler<Request, Reply>(
  warn: (fields: Record<string, unknown>) => void,
  metrics: Metrics,
  answer: (request: Request) => Promise<Reply>,
): handleUnaryCall<Request, Reply> {
  let count: ReturnType<Metrics['callsOf']> | undefined;
  return (call, callback) => {
    count ??= metrics.callsOf(call.getPath().split('/').at(-1) ?? '');
    const countCall = count;
    const startedMs = performance.now();
    const ended = (code: status) => countCall(code, (performance.now() - startedMs) / 1000);
    if (isPast(call)) {
      ended(status.DEADLINE_EXCEEDED);
      callback(describeFault(new CallError('DEADLINE_PASSED', 'the deadline passed before the call was handled')));
      return;
    }
    const caller = new AbortController();
    const giveUp = () => caller.abort(new GivenUpError('the caller disconnected or its deadline passed'));
    call.once('cancelled', giveUp);
    const answered = runForCaller(caller.signal, async () => answer(call.request));
    answered.then(
      (reply) => {
        call.off('cancelled', giveUp);
        ended(status.OK);
        callback(null, reply);
      },
      (error: unknown) => {
        call.off('cancelled', giveUp);
        if (!EXPECTED.some((kind) => error instanceof kind)) {
          warn({ err: error, rpc: call.getPath(), ...readIds(call.metadata) });
        }
        const fault = describeFault(error);
        ended(fault.code);
        callback(fault);
      },
    );
  };
}

/** The ids of the HTTP request, if the call is for one alone. */
function readIds(metadata: Metadata): { requestId?: string; traceId?: string } {
  const [requestId] = metadata.get('x-request-id');
  const client = parseTraceparent(metadata.get('traceparent')[0]);
  return { ...(requestId && { requestId: String(requestId) }), ...(client && { traceId: client.traceId }) };
}

function isPast(call: ServerUnaryCall<unknown, unknown>): boolean {
  const deadline = call.getDeadline();
  return (deadline instanceof Date ? deadline.getTime() : deadline) < Date.now();
}
