import { bearer } from './create-token.ts';

export type ApiAnswer = { status: number; headers: Headers; text: string; body: Record<string, unknown> };

type Call = {
  method?: string;
  /** Sent as JSON; a string is sent unchanged. */
  body?: unknown;
  /** The buyer whose token is sent; `admin` has the role admin. */
  as?: string;
  headers?: Record<string, string>;
};

/** One request to the API. */
export async function callApi(url: string, path: string, call: Call = {}): Promise<ApiAnswer> {
  const { method = call.body === undefined ? 'GET' : 'POST', body, as } = call;
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(as !== undefined && bearer(as, as === 'admin' ? { roles: ['admin'] } : {})),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...call.headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : {} };
}
