import type { IncomingHttpHeaders } from 'node:http';
import { type Dispatcher, Pool } from 'undici';

export type JsonObject = Record<string, unknown>;
/** `status` 0: no response; the request may or may not have been executed. */
export type Answer = {
  status: number;
  body: JsonObject;
  location: string | undefined;
  retryAfterMs: number;
  by?: AnsweredBy | undefined;
};
/** The component that answered, by the response headers. nginx names its cache to local clients only. */
export type AnsweredBy = 'cache' | 'nginx' | 'consumer' | 'limiter';

export type Call = {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  token?: string;
  headers?: Record<string, string>;
  json?: JsonObject;
  /** Form fields, instead of `json`. */
  form?: Record<string, string>;
  /** Aborts the request this long after it was sent. */
  abandonAfterMs?: number | undefined;
};

export type HttpClient = { origin: string; send(call: Call): Promise<Answer>; close(): Promise<void> };

export const MAX_CONNECTIONS = 1000;
// Above nginx's limit of 5 s.
const ANSWER_DEADLINE_MS = 8000;
const BODY_MAX_BYTES = 1024 * 1024;
const RETRY_AFTER_MAX_MS = 10_000;
const RETRY_AFTER_DEFAULT_MS = 500;

const NO_ANSWER: Answer = { status: 0, body: {}, location: undefined, retryAfterMs: 0 };

/** An HTTP client for many buyers and one address, with a limited number of connections. It follows no redirects. */
export function createHttpClient(url: string, connections = MAX_CONNECTIONS): HttpClient {
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

/** Without a stream per response: the CPU time of the client limits its rate. */
function readResponse(
  abandonAfterMs: number | undefined,
  resolve: (answer: Answer) => void,
): Dispatcher.DispatchHandler {
  const chunks: Buffer[] = [];
  let status = 0;
  let headers: IncomingHttpHeaders = {};
  let timeout: NodeJS.Timeout | undefined;
  return {
    onRequestStart(controller) {
      if (abandonAfterMs === undefined) return;
      clearTimeout(timeout);
      timeout = setTimeout(() => controller.abort(new Error('request aborted')), abandonAfterMs);
    },
    onResponseStart(_, statusCode, responseHeaders) {
      status = statusCode;
      headers = responseHeaders;
    },
    onResponseData(_, chunk) {
      chunks.push(chunk);
    },
    onResponseEnd() {
      clearTimeout(timeout);
      const { location } = headers;
      resolve({
        status,
        body: readJson(chunks.length === 1 ? String(chunks[0]) : String(Buffer.concat(chunks))),
        location: typeof location === 'string' ? location : undefined,
        retryAfterMs: readRetryAfter(headers['retry-after']),
        by: readAnsweredBy(status, headers),
      });
    },
    onResponseError() {
      clearTimeout(timeout);
      resolve(NO_ANSWER);
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

/** Milliseconds of Retry-After, at most 10 s; 500 ms without the header. */
function readRetryAfter(header: string | string[] | undefined): number {
  const seconds = Number(header);
  return seconds > 0 ? Math.min(seconds * 1000, RETRY_AFTER_MAX_MS) : RETRY_AFTER_DEFAULT_MS;
}
