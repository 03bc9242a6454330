import { FlashSaleError, type Problem } from '../client/flash-sale-error.ts';

export type { Problem };

/** A refusal of the API or, with code `lost`, no answer: the call may have been executed. */
export class ApiError extends FlashSaleError {
  override name = 'ApiError';
}

export type Call = {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  token?: string | undefined;
  headers?: Record<string, string>;
  body?: unknown;
};
export type Answer<T> = { status: number; body: T; headers: Headers };

// Longer than nginx's 5 s, so that the answer of nginx arrives first.
const DEADLINE_MS = 8000;

/** Calls `/api/v1${path}`. Rejects with an ApiError for every status from 400 on, and if no answer comes within 8 s. */
export async function callApi<T>(path: string, call: Call = {}): Promise<Answer<T>> {
  const { method = 'GET', token, headers = {}, body } = call;
  const response = await send(path, {
    method,
    headers: {
      ...headers,
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text().catch(() => {
    throw new ApiError('lost', 0, {});
  });
  const parsed = parse(text);
  if (response.status < 400) return { status: response.status, body: parsed as T, headers: response.headers };
  throw toError(response, (parsed ?? {}) as Partial<Problem>);
}

// A file may be the list of all orders.
const FILE_DEADLINE_MS = 120_000;

/** Reads `/api/v1${path}` as a file of this type. Rejects with an ApiError. */
export async function callFile(path: string, type: string, token: string | undefined): Promise<Blob> {
  const headers = { accept: type, ...(token !== undefined && { authorization: `Bearer ${token}` }) };
  const response = await send(path, { headers }, FILE_DEADLINE_MS);
  if (response.status >= 400) throw toError(response, (parse(await response.text()) ?? {}) as Partial<Problem>);
  return response.blob().catch(() => {
    throw new ApiError('lost', 0, {});
  });
}

async function send(path: string, init: RequestInit, deadlineMs = DEADLINE_MS): Promise<Response> {
  try {
    return await fetch(`/api/v1${path}`, { ...init, signal: AbortSignal.timeout(deadlineMs) });
  } catch {
    throw new ApiError('lost', 0, {});
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function toError(response: Response, problem: Partial<Problem>): ApiError {
  const seconds = Number(response.headers.get('retry-after') ?? 0);
  return new ApiError(
    problem.code ?? 'internal',
    response.status,
    problem,
    Number.isFinite(seconds) ? seconds * 1000 : 0,
  );
}
