import { FlashSaleError, type Problem } from './flash-sale-error.ts';

/**
 * The buyer's token, or a function that returns it. The function is called again with a token that the API refused: it returns a new one,
 * the same one if there is no other, or undefined without a signed-in buyer.
 */
export type Token = string | ((refused?: string) => string | undefined | Promise<string | undefined>);

export type Call = {
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: unknown;
  signal?: AbortSignal | undefined;
};
export type Answer<T> = { status: number; body: T; headers: Headers };
export type Caller = ReturnType<typeof createCaller>;

type CallerOptions = { url: string; token: Token | undefined; fetch: typeof fetch };

// Longer than nginx's 5 s, so that the answer of nginx arrives first.
const DEADLINE_MS = 8000;

/** Calls the API under `${url}/api/v1` with the buyer's token. */
export function createCaller({ url, token, fetch }: CallerOptions) {
  const find = async (refused?: string) => (typeof token === 'function' ? token(refused) : token);

  /** Resolves with every answer. A refused token is replaced once. */
  async function open(path: string, { headers, ...init }: Omit<RequestInit, 'headers'> & Pick<Call, 'headers'>) {
    const send = (secret: string | undefined) => {
      const authorization = secret === undefined ? {} : { authorization: `Bearer ${secret}` };
      return fetch(`${url}/api/v1${path}`, { ...init, headers: { ...headers, ...authorization } });
    };
    // What is public is read without a token: browsers then ask no permission of another origin first.
    const isPublic = init.method !== 'POST' && !/^.orders|.entry$/.test(path);
    const secret = isPublic ? undefined : await find();
    const response = await send(secret);
    if (response.status !== 401 || secret === undefined) return response;
    const next = await find(secret);
    if (next === undefined || next === secret) return response;
    await response.body?.cancel();
    return send(next);
  }

  return {
    open,
    /** Rejects with a FlashSaleError for every status from 400 on, and if no answer comes within 8 s; with the reason of an aborted signal. */
    async call<T>(path: string, { method = 'GET', headers = {}, body, signal }: Call = {}): Promise<Answer<T>> {
      signal?.throwIfAborted();
      // AbortSignal.any is missing below Safari 17.4.
      const life = new AbortController();
      const end = () => life.abort();
      const timer = setTimeout(end, DEADLINE_MS);
      signal?.addEventListener('abort', end);
      try {
        const json = body === undefined ? {} : { 'content-type': 'application/json' };
        const init = body === undefined ? {} : { body: JSON.stringify(body) };
        const response = await open(path, { method, headers: { ...headers, ...json }, ...init, signal: life.signal });
        const text = await response.text();
        if (response.status >= 400) throw toError(response, text);
        return { status: response.status, body: JSON.parse(text), headers: response.headers };
      } catch (error) {
        signal?.throwIfAborted();
        throw error instanceof FlashSaleError ? error : new FlashSaleError('lost', 0);
      } finally {
        clearTimeout(timer);
        signal?.removeEventListener('abort', end);
      }
    },
    /** Who the buyer is, as far as the token says: it keeps the entries of several buyers of one browser apart. */
    async subject(): Promise<string> {
      try {
        const payload = String(await find()).split('.')[1] ?? '';
        return String(JSON.parse(atob(payload.replace(/-/g, '+').replace(/_/g, '/'))).sub ?? '');
      } catch {
        return '';
      }
    },
  };
}

function toError({ status, headers }: Response, text: string): FlashSaleError {
  let problem: Partial<Problem> = {};
  try {
    problem = JSON.parse(text);
  } catch {
    // A proxy answered.
  }
  return new FlashSaleError(
    problem.code ?? 'internal',
    status,
    problem,
    Number(headers.get('retry-after') ?? 0) * 1000 || 0,
  );
}
