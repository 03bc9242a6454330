import { Pool } from 'undici';
import type { TokenMaker } from '../../verify/sale/buyers/open-tokens.ts';

const CONNECTIONS = 200;
// Above the 5 s after which nginx gives up.
const ANSWER_WITHIN_MS = 10_000;

type Method = 'GET' | 'POST' | 'DELETE';
/** An order that a buyer was told of. */
export type ConfirmedOrder = { orderNo: string; status: number };

export type Load = {
  /** The next one's visit. Never rejects: what goes wrong is in `failed`. */
  visit(index: number): Promise<void>;
  /** How often each call had each status. */
  answers: Map<string, number>;
  failed: string[];
  told: ConfirmedOrder[];
  close(): Promise<void>;
};

/**
 * People who look and people who buy, half of each, each once and with one try. Some of the buyers pay or cancel: calls that
 * change something and that nobody on the way repeats.
 */
export function startLoad(url: string, sid: number, createToken: TokenMaker): Load {
  const pool = new Pool(url, {
    connections: CONNECTIONS,
    pipelining: 1,
    headersTimeout: ANSWER_WITHIN_MS,
    bodyTimeout: ANSWER_WITHIN_MS,
  });
  const answers = new Map<string, number>();
  const failed: string[] = [];
  const told: ConfirmedOrder[] = [];
  const startedAt = performance.now();

  async function call(what: string, method: Method, path: string, index: number) {
    const at = `${((performance.now() - startedAt) / 1000).toFixed(1)} s: ${what}`;
    const headers = {
      authorization: `Bearer ${await createToken(`visitor-${index}`, 'buyer')}`,
      ...(what === 'buy' && { 'idempotency-key': `"key-${index}"`, 'idempotency-attempt': '1' }),
    };
    try {
      const { statusCode: status, headers: answered, body } = await pool.request({ method, path, headers });
      const content = await body.text();
      const count = `${what} ${status}`;
      answers.set(count, (answers.get(count) ?? 0) + 1);
      if (status >= 400) failed.push(`${at} ${status} by ${answered['x-served-by'] ?? 'nginx'}: ${content}`);
      return { status, content };
    } catch (error) {
      failed.push(`${at}: no answer (${(error as Error).message})`);
      return undefined;
    }
  }

  async function buy(index: number): Promise<void> {
    const bought = await call('buy', 'POST', `/api/v1/stocks/${sid}/orders`, index);
    if (bought?.status !== 201 && bought?.status !== 202) return;
    const { orderNo } = JSON.parse(bought.content) as { orderNo: string };
    told.push({ orderNo, status: bought.status });
    if (bought.status !== 201) return;
    if (index % 10 === 0) await call('pay', 'POST', `/api/v1/orders/${orderNo}/payments`, index);
    // Few: each cancellation takes the stock's row, which is the one thing everybody waits for.
    if (index % 50 === 2) await call('cancel', 'DELETE', `/api/v1/orders/${orderNo}`, index);
  }

  return {
    async visit(index) {
      if (index % 2 === 0) await buy(index);
      else if (index % 4 === 1) await call('look', 'GET', `/api/v1/stocks/${sid}`, index);
      else await call('own orders', 'GET', `/api/v1/orders?sid=${sid}`, index);
    },
    answers,
    failed,
    told,
    close: () => pool.close(),
  };
}
