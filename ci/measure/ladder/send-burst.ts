import { Pool } from 'undici';

export type Answer = {
  kind: 'accepted' | 'refused' | 'limited' | 'error';
  latencyMs: number;
  consumer: string;
  provider: string;
};

export type BurstOptions = {
  /** Called with each answer. */
  onAnswer?: ((answer: Answer) => void) | undefined;
  /** Ends the burst, which then rejects. */
  signal?: AbortSignal | undefined;
};

const MAX_CONNECTIONS = 1000;
const ANSWER_DEADLINE_MS = 10_000;

/** Sends one request per buyer, all at once, over new connections (at most 1,000). */
export async function sendBurst(
  url: string,
  path: string,
  buyers: number,
  { onAnswer, signal }: BurstOptions = {},
): Promise<Answer[]> {
  signal?.throwIfAborted();
  const pool = new Pool(url, { connections: Math.min(buyers, MAX_CONNECTIONS), pipelining: 1 });
  const abort = () => void pool.destroy();
  signal?.addEventListener('abort', abort);
  const buy = async () => {
    const answer = await sendOrder(pool, path);
    if (!signal?.aborted) onAnswer?.(answer);
    return answer;
  };
  try {
    const answers = await Promise.all(Array.from({ length: buyers }, buy));
    signal?.throwIfAborted();
    return answers;
  } finally {
    signal?.removeEventListener('abort', abort);
    if (!signal?.aborted) await pool.close();
  }
}

async function sendOrder(pool: Pool, path: string): Promise<Answer> {
  const startedMs = performance.now();
  try {
    const signal = AbortSignal.timeout(ANSWER_DEADLINE_MS);
    const { statusCode, headers, body } = await pool.request({ method: 'POST', path, signal });
    const text = await body.text();
    const failed = headers['x-failed'] !== undefined || statusCode >= 500;
    return {
      kind: failed ? 'error' : kindOf(text),
      latencyMs: performance.now() - startedMs,
      consumer: String(headers['x-served-by'] ?? ''),
      provider: String(headers['x-provider'] ?? ''),
    };
  } catch {
    return { kind: 'error', latencyMs: performance.now() - startedMs, consumer: '', provider: '' };
  }
}

function kindOf(text: string): Answer['kind'] {
  if (text === '0') return 'refused';
  if (text === 'request has limited') return 'limited';
  return /^\d+-[0-9A-Z]{26}$/.test(text) ? 'accepted' : 'error';
}
