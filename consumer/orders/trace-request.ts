import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { parseTraceparent } from '../../proto/traces/traceparent.ts';
import type { Traces } from '../../proto/traces/traces.ts';
import type { AskedRequest } from '../http/direct-reply.ts';
import { readIdempotencyAttempt } from '../http/read-headers.ts';

export type AnsweredRequest = {
  request: Pick<AskedRequest, 'id' | 'orderNo' | 'trace'>;
  method: string;
  route: string;
  headers: IncomingHttpHeaders;
  status: number;
  elapsedMs: number;
};

export const BUY_ROUTE = '/api/v1/stocks/:sid/orders';

/**
 * Records a request that changes an order, from its arrival to the answer, in the order's trace. If the client sent a traceparent, its trace
 * gets a span too, and both have links to each other. The first span of the trace is the purchase; a repeat of it is a further span, because
 * the first one may have begun the trace.
 */
export function traceRequest(traces: Traces, answered: AnsweredRequest): void {
  const { request, method, route, headers, status, elapsedMs } = answered;
  const { id, orderNo, trace } = request;
  if (!trace || orderNo === undefined || !traces.isSampled(trace.traceId)) return;
  const endMs = traces.nowMs();
  const client = parseTraceparent(headers.traceparent);
  const isRoot = route === BUY_ROUTE && (readIdempotencyAttempt(headers['idempotency-attempt']) ?? 1) === 1;
  const common = {
    startMs: endMs - elapsedMs,
    endMs,
    error: status >= 500 ? `status ${status}` : undefined,
    attributes: {
      'http.request.method': method,
      'http.route': route,
      'http.response.status_code': status,
      'flashsale.order_no': orderNo,
      'flashsale.request_id': id,
    },
  };
  const name = `${method} ${route}`;
  const ownName = isRoot ? 'order' : route === BUY_ROUTE ? 'order repeated' : name;
  traces.recordOrder(ownName, trace, { ...common, kind: 'server', isRoot, links: client ? [client] : [] });
  if (client) traces.recordRequest(client, { ...common, name, links: [trace] });
}

/** A hook for requests that Fastify answers. Reads are not recorded: a buyer polls. */
export function traceResponses(traces: Traces) {
  return (request: FastifyRequest, { statusCode, elapsedTime }: FastifyReply, done: () => void): void => {
    const { method, headers, routeOptions } = request;
    const route = routeOptions.url ?? '';
    if (method !== 'GET') {
      traceRequest(traces, { request, method, route, headers, status: statusCode, elapsedMs: elapsedTime });
    }
    done();
  };
}
