import type { SpanId } from './trace-id-of.ts';

const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}$/;

/** The span of the client that sent the header `traceparent` (W3C Trace Context); null for any other text. */
export function parseTraceparent(text: unknown): SpanId | null {
  const [, traceId, spanId] = (typeof text === 'string' && TRACEPARENT.exec(text)) || [];
  return traceId && spanId ? { traceId, spanId } : null;
}

export function formatTraceparent({ traceId, spanId }: SpanId, isSampled: boolean): string {
  return `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`;
}
