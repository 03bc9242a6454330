import { randomBytes } from 'node:crypto';
import type { EndedSpan, SpanSender } from './span-sender.ts';
import { type SpanId, traceOf } from './trace-id-of.ts';

type Attributes = EndedSpan['attributes'];

/** `startMs`: milliseconds since 1970; by default now. */
type StepOptions = { kind?: EndedSpan['kind']; startMs?: number };

/** A sampled order, with the first span of its trace. */
export type Sampled<Order> = { order: Order; trace: SpanId };

/**
 * A step for several orders, of which at least one is sampled: one span in a trace of its own, and one span for each sampled order, in the
 * order's trace. They have the same time and links to each other. A step for one order alone is one span, in the order's trace.
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
  sample<Order extends { orderNo: string }>(orders: readonly Order[]): Sampled<Order>[];
  /** Null: no order is sampled. */
  startStep(name: string, sampled: readonly Sampled<unknown>[], options?: StepOptions): Step | null;
  /** A step for one order alone. Null: it is not sampled, or its number is empty, because it is not known. */
  startOrderStep(name: string, orderNo: string, options?: StepOptions): Step | null;
  /** Records a span of a sampled order. */
  recordOrder(name: string, trace: SpanId, span: OrderSpan): void;
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
    sample(orders) {
      const sampled: Sampled<(typeof orders)[number]>[] = [];
      for (const order of orders) {
        const trace = traceOf(order.orderNo);
        if (isSampled(trace.traceId)) sampled.push({ order, trace });
      }
      return sampled;
    },
    startStep(name, sampled, options = {}) {
      if (sampled.length === 0) return null;
      const orders = sampled.map(({ trace }) => trace);
      return startStep(send, { name, orders, outer: null, options });
    },
    startOrderStep(name, orderNo, options = {}) {
      if (orderNo === '') return null;
      const trace = traceOf(orderNo);
      return isSampled(trace.traceId) ? startStep(send, { name, orders: [], outer: trace, options }) : null;
    },
    recordOrder(name, { traceId, spanId }, span) {
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
  /** The spans around this one in the traces of the sampled orders. Empty: a step for one order alone. */
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
      const error = failure === undefined ? undefined : messageOf(failure);
      const endMs = nowMs();
      const add = ({ traceId, spanId }: SpanId, parentSpanId: string | null, given: Attributes, links: SpanId[]) =>
        send({ name, kind, startMs, endMs, error, traceId, spanId, parentSpanId, attributes: given, links });
      add(own, outer?.spanId ?? null, attributes, spans);
      for (const [i, span] of spans.entries()) add(span, orders[i]?.spanId ?? null, {}, [own]);
    },
  };
}

/** Runs `work` as a step. Null and undefined: traces are off, or no order is sampled. `describe`: further attributes, from the result. */
export async function inStep<T>(
  step: Step | null | undefined,
  attributes: Attributes,
  work: () => Promise<T>,
  describe: (result: T) => Attributes = () => ({}),
): Promise<T> {
  if (!step) return work();
  try {
    const result = await work();
    step.end({ ...attributes, ...describe(result) });
    return result;
  } catch (error) {
    step.end(attributes, error);
    throw error;
  }
}

function messageOf(error: unknown): string {
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
