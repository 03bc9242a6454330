import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as a collector receives it. Times are milliseconds since 1970 (UTC). */
export type ReceivedSpan = {
  service: string;
  instance: string;
  name: string;
  kind: number;
  traceId: string;
  spanId: string;
  /** Empty: the first span of its trace. */
  parentSpanId: string;
  startMs: number;
  endMs: number;
  attributes: Record<string, unknown>;
  links: { traceId: string; spanId: string }[];
  /** Of OpenTelemetry: 0 unset, 1 ok, 2 error. */
  status: number;
};

type Attribute = { key: string; value: Record<string, unknown> };
type SentSpan = Pick<ReceivedSpan, 'name' | 'kind' | 'traceId' | 'spanId' | 'links'> & {
  parentSpanId?: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: Attribute[];
  status: { code?: number };
};
type SentRequest = {
  resourceSpans: { resource: { attributes: Attribute[] }; scopeSpans: { spans: SentSpan[] }[] }[];
};

export type TraceReceiver = { port: number; spans: ReceivedSpan[]; close(): void };

const MAX_SPANS = 100_000;

/** Receives traces by OTLP over HTTP as JSON, as a collector does, and keeps them. Port 0: any free port. */
export async function startTraceReceiver(
  port = 0,
  onSpans: (spans: ReceivedSpan[]) => void = () => {},
): Promise<TraceReceiver> {
  const spans: ReceivedSpan[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const part of request) text += part;
    const received = request.url === '/v1/traces' ? readSpans(JSON.parse(text) as SentRequest) : [];
    if (spans.length < MAX_SPANS) spans.push(...received);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    onSpans(received);
  });
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    spans,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function readSpans({ resourceSpans }: SentRequest): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const of = readAttributes(resource.attributes);
    const common = { service: String(of['service.name']), instance: String(of['service.instance.id']) };
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => readSpan(span, common)));
  });
}

function readSpan(span: SentSpan, { service, instance }: Pick<ReceivedSpan, 'service' | 'instance'>): ReceivedSpan {
  const { name, kind, traceId, spanId, parentSpanId = '', links } = span;
  return {
    service,
    instance,
    name,
    kind,
    traceId,
    spanId,
    parentSpanId,
    startMs: Number(span.startTimeUnixNano) / 1e6,
    endMs: Number(span.endTimeUnixNano) / 1e6,
    attributes: readAttributes(span.attributes),
    links: links.map((link) => ({ traceId: link.traceId, spanId: link.spanId })),
    status: span.status.code ?? 0,
  };
}

function readAttributes(list: Attribute[]): Record<string, unknown> {
  return Object.fromEntries(list.map(({ key, value }) => [key, Object.values(value)[0]]));
}
