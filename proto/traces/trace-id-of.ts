import { hash } from 'node:crypto';

const PREFIX = 'flash-sale/trace/v1/';
const TRACE_DIGITS = 32;
const SPAN_DIGITS = 16;

/** W3C ids of a trace and of a span in it, in lower-case hexadecimal. */
export type SpanId = { traceId: string; spanId: string };

/**
 * The trace of an order and its first span. They follow from its number, so that each process knows them without being told, also hours later.
 * docs/observability.md, "Correlation", has the rule for others who compute it.
 */
export function traceOf(orderNo: string): SpanId {
  const digest = hash('sha256', PREFIX + orderNo, 'hex');
  return { traceId: digest.slice(0, TRACE_DIGITS), spanId: digest.slice(TRACE_DIGITS, TRACE_DIGITS + SPAN_DIGITS) };
}

export function traceIdOf(orderNo: string): string {
  return traceOf(orderNo).traceId;
}
