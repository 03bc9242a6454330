import { SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, type ReadableSpan, type SpanExporter } from '@opentelemetry/sdk-trace';
import type { SpanId } from './trace-id-of.ts';

/** A span that has ended. Times are milliseconds since 1970 (UTC). */
export type EndedSpan = SpanId & {
  name: string;
  kind: keyof typeof KINDS;
  /** Null: the first span of its trace. */
  parentSpanId: string | null;
  startMs: number;
  endMs: number;
  attributes: Record<string, string | number | boolean>;
  links: SpanId[];
  /** Why it failed; absent: it did not. */
  error?: string | undefined;
};

export type SpanSender = { send(span: EndedSpan): void; close(): Promise<void> };

export type SpanSenderOptions = {
  /** Address of the collector, without /v1/traces. */
  endpoint: string;
  service: string;
  /** Name of this process. */
  instance: string;
  onFailed(error: unknown): void;
};

const KINDS = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  consumer: SpanKind.CONSUMER,
} as const;

/** Further spans are dropped: traces never slow orders. */
const MAX_SPANS = 4096;
const MAX_SPANS_PER_EXPORT = 512;
const SEND_EVERY_MS = 2000;
const EXPORT_MS = 5000;
/** At the end of the process. */
const CLOSE_MS = 1000;

/**
 * Sends spans to a collector, from a bounded queue. The spans are plain objects, made when a step has ended, because most of them would
 * otherwise be made for orders that are not sampled.
 */
export function createSpanSender({ endpoint, service, instance, onFailed }: SpanSenderOptions): SpanSender {
  const url = `${endpoint.replace(/\/$/, '')}/v1/traces`;
  const exporter = reportFailures(new OTLPTraceExporter({ url, timeoutMillis: EXPORT_MS }), onFailed);
  const processor = new BatchSpanProcessor({
    exporter,
    maxQueueSize: MAX_SPANS,
    maxExportBatchSize: MAX_SPANS_PER_EXPORT,
    scheduledDelayMillis: SEND_EVERY_MS,
    exportTimeoutMillis: EXPORT_MS,
  });
  const common = {
    resource: resourceFromAttributes({ 'service.name': service, 'service.instance.id': instance }),
    instrumentationScope: { name: 'flash-sale' },
    events: [],
    ended: true,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
  return {
    send: (span) => processor.onEnd(toReadableSpan(span, common)),
    async close() {
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, CLOSE_MS);
      await Promise.race([processor.shutdown().catch(onFailed), late]);
      clearTimeout(timer);
    },
  };
}

type CommonFields = Pick<
  ReadableSpan,
  | 'resource'
  | 'instrumentationScope'
  | 'events'
  | 'ended'
  | 'droppedAttributesCount'
  | 'droppedEventsCount'
  | 'droppedLinksCount'
>;

function toReadableSpan(span: EndedSpan, common: CommonFields): ReadableSpan {
  const { name, traceId, parentSpanId, startMs, endMs, attributes, links, error } = span;
  const own = toContext(span);
  return {
    ...common,
    name,
    attributes,
    kind: KINDS[span.kind],
    spanContext: () => own,
    ...(parentSpanId !== null && { parentSpanContext: toContext({ traceId, spanId: parentSpanId }) }),
    startTime: toHrTime(startMs),
    endTime: toHrTime(endMs),
    duration: toHrTime(endMs - startMs),
    status: error === undefined ? { code: SpanStatusCode.UNSET } : { code: SpanStatusCode.ERROR, message: error },
    links: links.map((link) => ({ context: toContext(link) })),
  };
}

function toContext({ traceId, spanId }: SpanId) {
  return { traceId, spanId, traceFlags: TraceFlags.SAMPLED };
}

function toHrTime(ms: number): [number, number] {
  const seconds = Math.floor(ms / 1000);
  return [seconds, Math.round((ms - seconds * 1000) * 1e6)];
}

function reportFailures(exporter: SpanExporter, onFailed: (error: unknown) => void): SpanExporter {
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.error) onFailed(result.error);
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
  };
}
