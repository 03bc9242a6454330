import { Pool } from 'undici';

export type JsonObject = Record<string, unknown>;
/** `status` 0: no answer came, and what became of the request is not known. */
export type Answer = { status: number; body: JsonObject; location: string | undefined; retryAfterMs: number };

export type Call = {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  token?: string;
  headers?: Record<string, string>;
  json?: JsonObject;
  /** Fields of a form, in place of json. */
  form?: Record<string, string>;
  /** Given up after this long. */
  abandonAfterMs?: number | undefined;
};

export type SaleClient = { origin: string; send(call: Call): Promise<Answer>; close(): Promise<void> };

const CONNECTIONS = 1000;
// Above the 5 s after which nginx gives up.
const ANSWER_DEADLINE_MS = 8000;
const BODY_MAX_BYTES = 1024 * 1024;
const RETRY_AFTER_MAX_MS = 10_000;

/** A crowd's way to one address: never more connections than these, and no redirect is followed. */
export function openSaleClient(url: string, connections = CONNECTIONS): SaleClient {
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
    async send({ method, path, token, headers, json, form, abandonAfterMs }) {
      try {
        const {
          statusCode,
          headers: answered,
          body,
        } = await pool.request({
          method,
          path,
          headers: {
            ...headers,
            ...(token !== undefined && { authorization: `Bearer ${token}` }),
            ...(json && { 'content-type': 'application/json' }),
            ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
          },
          body: json ? JSON.stringify(json) : form ? String(new URLSearchParams(form)) : null,
          ...(abandonAfterMs !== undefined && { signal: AbortSignal.timeout(abandonAfterMs) }),
        });
        const text = await body.text();
        const location = answered.location;
        return {
          status: statusCode,
          body: readJson(text),
          location: typeof location === 'string' ? location : undefined,
          retryAfterMs: readRetryAfter(answered['retry-after']),
        };
      } catch {
        return { status: 0, body: {}, location: undefined, retryAfterMs: 0 };
      }
    },
    close: () => pool.destroy(),
  };
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
