import { setTimeout as sleep } from 'node:timers/promises';
import { type Decision, TERMS_REFUSALS } from '../../../../db/orders/order-states.ts';
import type { Answer, AnsweredBy, HttpClient } from './http-client.ts';

/** The final answer that a buyer received. `orderNo`: of a confirmed order, or of one that was decided as sold out. */
export type Outcome = {
  kind: 'confirmed' | 'refused' | 'limited' | 'error' | 'pending';
  orderNo: string | undefined;
  /** With kind `error`: the status of the last response; 0: no response. */
  status: number;
};

export type Click = {
  sid: number;
  token: string;
  /** One intent to buy, however often it is sent. */
  key: string;
  /** Further headers of the order. */
  headers?: Record<string, string>;
  abandonAfterMs?: number | undefined;
  /** Called before each order request. */
  onSend?(): void;
  /** Called after each order request; status 0: no response. */
  onAnswer?(status: number, by: AnsweredBy | undefined): void;
  /** Called when the buyer clicks again because the sale was not open. */
  onAgain?(): void;
};

/** A buyer stops polling and repeating after this time. */
const GIVE_UP_AFTER_MS = 60_000;
const JITTER_MS = 100;
const REFUSED = new Set(
  (['SOLD_OUT', ...TERMS_REFUSALS] satisfies Decision[]).map((decision) => decision.toLowerCase()),
);

/** One click of a well-behaved client: it repeats and polls until it has a final answer or gives up. */
export async function buyUnit(client: HttpClient, click: Click): Promise<Outcome> {
  const { sid, token, key } = click;
  const untilMs = performance.now() + GIVE_UP_AFTER_MS;
  let abandonAfterMs = click.abandonAfterMs;
  let attempt = 1;
  for (;;) {
    click.onSend?.();
    const answer = await client.send({
      method: 'POST',
      path: `/api/v1/stocks/${sid}/orders`,
      token,
      headers: { ...click.headers, 'idempotency-key': `"${key}"`, 'idempotency-attempt': String(attempt) },
      abandonAfterMs,
    });
    click.onAnswer?.(answer.status, answer.by);
    abandonAfterMs = undefined;
    const next = readAnswer(answer);
    switch (next.kind) {
      case 'final':
        return next.outcome;
      case 'poll':
        return poll(client, next.path, token, untilMs);
      case 'open_later':
        if (performance.now() + next.opensAtMs - Date.now() > untilMs) return next.outcome;
        await sleep(Math.max(0, next.opensAtMs - Date.now()) + Math.random() * JITTER_MS);
        click.onAgain?.();
        break;
      case 'again':
        // A request that may have been executed is sent again as a repeat; a rejected one was not executed.
        if (attempt > 1 || next.repeat) attempt += 1;
        if (performance.now() + next.afterMs > untilMs) return next.outcome;
        await sleep(next.afterMs + Math.random() * JITTER_MS);
        break;
      default:
        return next satisfies never;
    }
  }
}

type Next =
  | { kind: 'final'; outcome: Outcome }
  | { kind: 'poll'; path: string }
  | { kind: 'open_later'; opensAtMs: number; outcome: Outcome }
  | { kind: 'again'; afterMs: number; repeat: boolean; outcome: Outcome };

/** The next step of a client after the response to its order. */
export function readAnswer({ status, body, location, retryAfterMs }: Answer): Next {
  const orderNo = typeof body.orderNo === 'string' ? body.orderNo : undefined;
  const final = (kind: Outcome['kind']): Next => ({ kind: 'final', outcome: { kind, orderNo, status } });
  const again = (kind: Outcome['kind'], repeat: boolean): Next => {
    return { kind: 'again', afterMs: retryAfterMs, repeat, outcome: { kind, orderNo: undefined, status } };
  };
  switch (status) {
    case 200:
    case 201:
      return orderNo === undefined ? final('error') : final('confirmed');
    case 202:
      return location?.startsWith('/api/v1/orders/') ? { kind: 'poll', path: location } : final('error');
    case 409: {
      const opensAtMs = body.code === 'not_open' ? Date.parse(String(body.opensAt)) : Number.NaN;
      // With an order number the order is decided: another attempt would need another key.
      if (orderNo !== undefined || Number.isNaN(opensAtMs)) return final('refused');
      return { kind: 'open_later', opensAtMs, outcome: { kind: 'refused', orderNo, status } };
    }
    case 410:
      return final('refused');
    case 429:
      return again('limited', false);
    case 503:
      return again('error', body.code !== 'busy');
    default:
      return status === 0 || status >= 500 ? again('error', true) : final('error');
  }
}

async function poll(client: HttpClient, path: string, token: string, untilMs: number): Promise<Outcome> {
  const orderNo = path.split('/').at(-1);
  for (;;) {
    const { status, body, retryAfterMs } = await client.send({ method: 'GET', path, token });
    if (status === 200 && body.state !== 'pending') return readDecision(body);
    if (status >= 400 && status < 500 && status !== 429) return { kind: 'error', orderNo, status };
    if (performance.now() + retryAfterMs > untilMs) return { kind: 'pending', orderNo, status };
    await sleep(retryAfterMs + Math.random() * JITTER_MS);
  }
}

/** The outcome of an order as the API shows it; a duplicate has the outcome of the buyer's active order. */
export function readDecision({ orderNo, decision, activeOrderNo }: Answer['body']): Outcome {
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  if (decision === 'confirmed') return { kind: 'confirmed', orderNo: text(orderNo), status: 200 };
  if (decision === 'duplicate') return { kind: 'confirmed', orderNo: text(activeOrderNo), status: 200 };
  if (REFUSED.has(String(decision))) return { kind: 'refused', orderNo: text(orderNo), status: 410 };
  return { kind: 'error', orderNo: text(orderNo), status: 200 };
}
