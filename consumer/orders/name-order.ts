import { traceOf } from '../../proto/traces/trace-id-of.ts';
import { formatTraceparent } from '../../proto/traces/traceparent.ts';
import type { Traces } from '../../proto/traces/traces.ts';
import type { Reply } from '../http/direct-reply.ts';

/** Says which order the request is about: its log lines have `orderNo` and `traceId`, and the answer has the header `traceresponse`. */
export function nameOrder(reply: Reply, orderNo: string, traces?: Pick<Traces, 'isSampled'>): void {
  const order = traceOf(orderNo);
  reply.request.orderNo = orderNo;
  reply.request.trace = order;
  reply.header('traceresponse', formatTraceparent(order, traces?.isSampled(order.traceId) === true));
}
