import type { IncomingHttpHeaders } from 'node:http';
import { type Dispatcher, Pool } from 'undici';

export type JsonObject = Record<string, unknown>;
/** `status` 0: no answer came, and what became of the request is not known. */
export type Answer = {
  status: number;
  body: JsonObject;
  location: string | undefined;
  retryAfterMs: number;
  by?: AnsweredBy | undefined;
};
/** Who answered, as far as the headers tell; nginx says so of its cache to its own machine alone. */
export type AnsweredBy = 'cache' | 'nginx' | 'consumer' | 'limiter';

export type Call = {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  token?: string;
  headers?: Record<string, string>;
  json?: JsonObject;
  /** Fields of a form, in place of json. */
  form?: Record<string, string>;
  /** Given up so long after it was sent. */
  abandonAfterMs?: number | undefined;
};

export type SaleClient = { origin: string; send(call: Call): Promise<Answer>; close(): Promise<void> };

export const CONNECTIONS = 1000;
// Above the 5 s after which nginx gives up.
const ANSWER_DEADLINE_MS = 8000;
const BODY_MAX_BYTES = 1024 * 1024;
const RETRY_AFTER_MAX_MS = 10_000;

const NO_ANSWER: Answer = { status: 0, body: {}, location: undefined, retryAfterMs: 0 };

/** A crowd's way to one address: never more connections than these, and no redirect is followed. */
export function createSaleClient(url: string, connections = CONNECTIONS): SaleClient {
  const pool = new Pool(url, {
    connections,
    pipelining: 1,
    connectTimeout: ANSWER_DEADLINE_MS,
    headersTimeout: ANSWER_DEADLINE_MS,
    bodyTimeout: ANSWER_DEADLINE_MS,
    maxResponseSize: BODY_MAX_BYTES,
  });
  return {
    origin: new URL(url).origin,
    send: (call) =>
      new Promise((resolve) => {
        pool.dispatch(readRequest(call), readResponse(call.abandonAfterMs, resolve));
      }),
    close: () => pool.destroy(),
  };
}

function readRequest({ method, path, token, headers, json, form }: Call): Dispatcher.DispatchOptions {
  return {
    method,
    path,
    headers: {
      ...headers,
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(json && { 'content-type': 'application/json' }),
      ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
    },
    body: json ? JSON.stringify(json) : form ? String(new URLSearchParams(form)) : null,
  };
}

/** Without a stream for each answer: a crowd's own cost is what limits how fast it comes. */
function readResponse(abandonAfterMs: number | undefined, tell: (answer: Answer) => void): Dispatcher.DispatchHandler {
  const chunks: Buffer[] = [];
  let status = 0;
  let headers: IncomingHttpHeaders = {};
  let patience: NodeJS.Timeout | undefined;
  return {
    onRequestStart(controller) {
      if (abandonAfterMs === undefined) return;
      clearTimeout(patience);
      patience = setTimeout(() => controller.abort(new Error('given up')), abandonAfterMs);
    },
    onResponseStart(_, statusCode, answered) {
      status = statusCode;
      headers = answered;
    },
    onResponseData(_, chunk) {
      chunks.push(chunk);
    },
    onResponseEnd() {
      clearTimeout(patience);
      const { location } = headers;
      tell({
        status,
        body: readJson(chunks.length === 1 ? String(chunks[0]) : String(Buffer.concat(chunks))),
        location: typeof location === 'string' ? location : undefined,
        retryAfterMs: readRetryAfter(headers['retry-after']),
        by: readAnsweredBy(status, headers),
      });
    },
    onResponseError() {
      clearTimeout(patience);
      tell(NO_ANSWER);
    },
  };
}

function readAnsweredBy(status: number, headers: IncomingHttpHeaders): AnsweredBy {
  if (headers['x-cache-status'] === 'HIT') return 'cache';
  if (headers['x-served-by'] === undefined) return 'nginx';
  return status === 429 ? 'limiter' : 'consumer';
}

function readJson(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as JsonObject) : {};
  } catch {
    return {};
  }
}

/** Seconds as text; at least some, so that a crowd does not come again at once, and at most 10 s. */
function readRetryAfter(header: string | string[] | undefined): number {
  const seconds = Number(header);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1000, RETRY_AFTER_MAX_MS) : 500;
}
