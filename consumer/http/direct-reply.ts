import type { ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyReply } from 'fastify';
import type { SpanId } from '../../proto/traces/trace-id-of.ts';

/** What a problem says of its request. */
export type AskedRequest = {
  readonly url: string;
  readonly id: string;
  /** The order that the request is about, as soon as it has a number. */
  orderNo?: string | undefined;
  /** The first span of that order's trace. */
  trace?: SpanId | undefined;
  readonly log: Pick<FastifyBaseLogger, 'error' | 'warn'>;
};

/** What the order path uses of a reply, so that it can answer through Fastify or directly. */
export type Reply = {
  readonly request: AskedRequest;
  /** `destroyed`: the client is gone. */
  readonly raw: { readonly destroyed: boolean };
  readonly elapsedTime: number;
  code(status: number): Reply;
  type(contentType: string): Reply;
  header(name: string, value: string): Reply;
  headers(values: Record<string, string>): Reply;
  hasHeader(name: string): boolean;
  removeHeader(name: string): Reply;
  send(body: string): Reply;
};

/** A reply of Fastify. Its overloads are more than a Reply needs. */
export function asReply(reply: FastifyReply): Reply {
  return reply as unknown as Reply;
}

type DirectReplyOptions = {
  request: AskedRequest;
  response: ServerResponse;
  headers: Iterable<readonly [string, string]>;
  /** Whether the connection closes after the response. */
  isClosing(): boolean;
};

/** A reply without Fastify. Header names are in lower case. */
export class DirectReply implements Reply {
  status = 200;
  readonly request: AskedRequest;
  readonly raw: ServerResponse;
  readonly #startedMs = performance.now();
  readonly #headers: Map<string, string>;
  readonly #isClosing: () => boolean;

  constructor({ request, response, headers, isClosing }: DirectReplyOptions) {
    this.request = request;
    this.raw = response;
    this.#headers = new Map(headers);
    this.#isClosing = isClosing;
  }

  get elapsedTime(): number {
    return performance.now() - this.#startedMs;
  }

  code(status: number): this {
    this.status = status;
    return this;
  }

  type(contentType: string): this {
    return this.header('content-type', contentType);
  }

  header(name: string, value: string): this {
    this.#headers.set(name, value);
    return this;
  }

  headers(values: Record<string, string>): this {
    for (const name in values) this.#headers.set(name, values[name] as string);
    return this;
  }

  hasHeader(name: string): boolean {
    return this.#headers.has(name);
  }

  removeHeader(name: string): this {
    this.#headers.delete(name);
    return this;
  }

  send(body: string): this {
    if (this.raw.destroyed) return this;
    if (this.#isClosing()) this.header('connection', 'close');
    const headers: string[] = [];
    for (const [name, value] of this.#headers) headers.push(name, value);
    headers.push('content-length', String(Buffer.byteLength(body)));
    this.raw.writeHead(this.status, headers).end(body);
    return this;
  }
}
