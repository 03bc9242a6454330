import { traceOf } from '../../proto/traces/trace-id-of.ts';
import type { Reply } from '../http/direct-reply.ts';

/** Says which order the request is about: its log lines have `orderNo` and `traceId`, and the answer has the header `traceresponse`. */
export function nameOrder(reply: Reply, orderNo: string): void {
  reply.request.orderNo = orderNo;
  const { traceId, spanId } = traceOf(orderNo);
  reply.header('traceresponse', `00-${traceId}-${spanId}-00`);
}
