import { Pool } from 'undici';
import { secondsSince } from '../../command/seconds-since.ts';
import type { TokenMaker } from '../sale/buyers/create-tokens.ts';

const CONNECTIONS = 200;
// More than the 5 s after which nginx gives up.
const ANSWER_WITHIN_MS = 10_000;

type Method = 'GET' | 'POST';
/** An order that a buyer got an order number for: 201 confirmed, 202 pending. */
export type AnsweredOrder = { orderNo: string; status: number };

export type Load = {
  /** Sends the requests of the next visitor. Never rejects: failures are added to `failed`. */
  visit(index: number): Promise<void>;
  /** By call and status: number of answers. */
  answers: Map<string, number>;
  failed: string[];
  orders: AnsweredOrder[];
  close(): Promise<void>;
};

/**
 * Half of the visitors read and half buy, each once and without a retry. Some buyers pay or cancel: calls that change state and that
 * no component repeats.
 */
export function startLoad(url: string, sid: number, createToken: TokenMaker): Load {
  const limits = { headersTimeout: ANSWER_WITHIN_MS, bodyTimeout: ANSWER_WITHIN_MS };
  const pool = new Pool(url, { connections: CONNECTIONS, pipelining: 1, ...limits });
  const answers = new Map<string, number>();
  const failed: string[] = [];
  const orders: AnsweredOrder[] = [];
  const startedAt = performance.now();

  async function call(title: string, method: Method, path: string, index: number) {
    const at = `${secondsSince(startedAt)}: ${title}`;
    const headers = {
      authorization: `Bearer ${await createToken(`visitor-${index}`, 'buyer')}`,
      ...(title === 'buy' && { 'idempotency-key': `"key-${index}"`, 'idempotency-attempt': '1' }),
    };
    try {
      const { statusCode: status, headers: answered, body } = await pool.request({ method, path, headers });
      const content = await body.text();
      const count = `${title} ${status}`;
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
    orders.push({ orderNo, status: bought.status });
    if (bought.status !== 201) return;
    if (index % 10 === 0) await call('pay', 'POST', `/api/v1/orders/${orderNo}/payments`, index);
    // Few, because each cancellation locks the row of the stock.
    if (index % 50 === 2) await call('cancel', 'POST', `/api/v1/orders/${orderNo}/cancel`, index);
  }

  return {
    async visit(index) {
      if (index % 2 === 0) await buy(index);
      else if (index % 4 === 1) await call('read stock', 'GET', `/api/v1/stocks/${sid}`, index);
      else await call('list orders', 'GET', `/api/v1/orders?sid=${sid}`, index);
    },
    answers,
    failed,
    orders,
    close: () => pool.close(),
  };
}
