import { randomBytes } from 'node:crypto';
import type { EndedSpan, SpanSender } from './span-sender.ts';
import { type SpanId, traceIdOf, traceOf } from './trace-id-of.ts';

type Attributes = EndedSpan['attributes'];

/** `startMs`: milliseconds since 1970; by default now. */
type StepOptions = { kind?: EndedSpan['kind']; startMs?: number };

/**
 * A step for several orders, of which at least one is sampled: one span in a trace of its own, and one span for each sampled order, in the
 * order's trace. They have the same time and links to each other.
 */
export type Step = {
  /** A step inside this one. */
  startStep(name: string, options?: StepOptions): Step;
  end(attributes?: Attributes, error?: unknown): void;
};

export type OrderSpan = StepOptions & {
  endMs?: number;
  attributes?: Attributes;
  links?: SpanId[];
  error?: string | undefined;
  /** The first span of the trace: the order, from the click to the answer. */
  isRoot?: boolean;
};

export type RequestSpan = Pick<EndedSpan, 'name' | 'startMs' | 'endMs' | 'attributes' | 'links' | 'error'>;

/** Spans of sampled orders. Where traces are off there is no such object, and nothing of OpenTelemetry is loaded. */
export type Traces = {
  /** Milliseconds since 1970, with fractions. */
  nowMs(): number;
  isSampled(traceId: string): boolean;
  /** Those of the orders that are sampled. */
  sample<Order extends { orderNo: string }>(orders: readonly Order[]): Order[];
  /** Null: no order is sampled. */
  startStep(name: string, sampled: readonly { orderNo: string }[], options?: StepOptions): Step | null;
  /** Records a span of one order, if the order is sampled. */
  recordOrder(name: string, orderNo: string, span: OrderSpan): void;
  /** Records a request in the trace of its client. */
  recordRequest(client: SpanId, span: RequestSpan): void;
  close(): Promise<void>;
};

/** `ratio`: the share of orders that are sampled. */
export function createTraces({ send, close }: SpanSender, ratio: number): Traces {
  const firstUnsampled = thresholdOf(ratio);
  // Compared as texts.
  const isSampled = (traceId: string) => traceId < firstUnsampled;
  return {
    nowMs,
    isSampled,
    sample: (orders) => orders.filter(({ orderNo }) => isSampled(traceIdOf(orderNo))),
    startStep(name, sampled, options = {}) {
      if (sampled.length === 0) return null;
      const orders = sampled.map(({ orderNo }) => traceOf(orderNo));
      return startStep(send, { name, orders, outer: null, options });
    },
    recordOrder(name, orderNo, span) {
      const { traceId, spanId } = traceOf(orderNo);
      if (!isSampled(traceId)) return;
      const { kind = 'internal', endMs = nowMs(), startMs = endMs, attributes = {}, links = [], error, isRoot } = span;
      const own = isRoot ? { spanId, parentSpanId: null } : { spanId: randomHex(SPAN_BYTES), parentSpanId: spanId };
      send({ name, kind, traceId, ...own, startMs, endMs, attributes, links, error });
    },
    recordRequest({ traceId, spanId: parentSpanId }, span) {
      const { name, startMs, endMs, attributes, links, error } = span;
      const spanId = randomHex(SPAN_BYTES);
      send({ name, kind: 'server', traceId, spanId, parentSpanId, startMs, endMs, attributes, links, error });
    },
    close,
  };
}

/** The digits of a trace id that decide whether it is sampled. */
const SAMPLED_DIGITS = 8;

/** Trace ids below it are this share of all. */
function thresholdOf(ratio: number): string {
  // Above every digit.
  if (ratio >= 1) return 'g';
  const first = Math.floor(ratio * 16 ** SAMPLED_DIGITS);
  return first.toString(16).padStart(SAMPLED_DIGITS, '0');
}

type StepParts = {
  name: string;
  /** The spans around this one in the traces of the sampled orders. */
  orders: SpanId[];
  /** The step around this one. */
  outer: SpanId | null;
  options: StepOptions;
};

function startStep(send: SpanSender['send'], { name, orders, outer, options }: StepParts): Step {
  const { kind = 'internal', startMs = nowMs() } = options;
  const own = { traceId: outer?.traceId ?? randomHex(TRACE_BYTES), spanId: randomHex(SPAN_BYTES) };
  const spans = orders.map(({ traceId }) => ({ traceId, spanId: randomHex(SPAN_BYTES) }));
  return {
    startStep: (inner, innerOptions = {}) =>
      startStep(send, { name: inner, orders: spans, outer: own, options: innerOptions }),
    end(attributes = {}, failure) {
      const error = failure === undefined ? undefined : describe(failure);
      const endMs = nowMs();
      const add = ({ traceId, spanId }: SpanId, parentSpanId: string | null, given: Attributes, links: SpanId[]) =>
        send({ name, kind, startMs, endMs, error, traceId, spanId, parentSpanId, attributes: given, links });
      add(own, outer?.spanId ?? null, attributes, spans);
      for (const [i, span] of spans.entries()) add(span, orders[i]?.spanId ?? null, {}, [own]);
    },
  };
}

/** Runs `work` as a step. Null and undefined: traces are off, or no order is sampled. */
export async function inStep<T>(
  step: Step | null | undefined,
  attributes: Attributes,
  work: () => Promise<T>,
): Promise<T> {
  if (!step) return work();
  try {
    const result = await work();
    step.end(attributes);
    return result;
  } catch (error) {
    step.end(attributes, error);
    throw error;
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const TRACE_BYTES = 16;
const SPAN_BYTES = 8;

function randomHex(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}

const MAX_DRIFT_MS = 2;
let originMs = performance.timeOrigin;

/** Corrected when the clock of the host was set. */
function nowMs(): number {
  const passedMs = performance.now();
  if (Math.abs(Date.now() - originMs - passedMs) > MAX_DRIFT_MS) originMs = Date.now() - passedMs;
  return originMs + passedMs;
}
