import { hash } from 'node:crypto';

const PREFIX = 'flash-sale/trace/v1/';
const TRACE_DIGITS = 32;
const SPAN_DIGITS = 16;

/** The trace of an order: W3C trace id and the id of its root span, in lower-case hexadecimal. */
export type OrderTrace = { traceId: string; spanId: string };

/**
 * The trace of an order follows from its number, so that each process knows it without being told, also hours later. docs/observability.md,
 * "Correlation", has the rule for others who compute it.
 */
export function traceOf(orderNo: string): OrderTrace {
  const digest = hash('sha256', PREFIX + orderNo, 'hex');
  return { traceId: digest.slice(0, TRACE_DIGITS), spanId: digest.slice(TRACE_DIGITS, TRACE_DIGITS + SPAN_DIGITS) };
}

export function traceIdOf(orderNo: string): string {
  return traceOf(orderNo).traceId;
}
