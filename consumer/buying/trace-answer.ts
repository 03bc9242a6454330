import type { IncomingHttpHeaders } from 'node:http';
import { traceOf } from '../../proto/traces/trace-id-of.ts';
import { parseTraceparent } from '../../proto/traces/traceparent.ts';
import type { Traces } from '../../proto/traces/traces.ts';
import type { AskedRequest } from '../http/direct-reply.ts';
import { readIdempotencyAttempt } from '../http/read-headers.ts';

export type AnsweredRequest = Pick<AskedRequest, 'id' | 'orderNo'> & {
  headers: IncomingHttpHeaders;
  status: number;
  elapsedMs: number;
};

const ROUTE = '/api/v1/stocks/{sid}/orders';

/**
 * Records the first span of an order's trace: from the request to the answer. If the client sent a traceparent, its trace gets a span too, and
 * both have links to each other. A repeat is a further span, because the first one may have begun the trace.
 */
export function traceAnswer(traces: Traces, { id, orderNo, headers, status, elapsedMs }: AnsweredRequest): void {
  if (orderNo === undefined) return;
  const order = traceOf(orderNo);
  if (!traces.isSampled(order.traceId)) return;
  const endMs = traces.nowMs();
  const client = parseTraceparent(headers.traceparent);
  const isRoot = (readIdempotencyAttempt(headers['idempotency-attempt']) ?? 1) === 1;
  const common = {
    startMs: endMs - elapsedMs,
    endMs,
    error: status >= 500 ? `status ${status}` : undefined,
    attributes: {
      'http.request.method': 'POST',
      'http.route': ROUTE,
      'http.response.status_code': status,
      'flashsale.order_no': orderNo,
      'flashsale.request_id': id,
    },
  };
  const links = client ? [client] : [];
  traces.recordOrder(isRoot ? 'order' : 'order repeated', orderNo, { ...common, kind: 'server', isRoot, links });
  if (client) traces.recordRequest(client, { ...common, name: `POST ${ROUTE}`, links: [order] });
}
