import { setTimeout as sleep } from 'node:timers/promises';
import { type Decision, TERMS_REFUSALS } from '../../../../db/orders/decide-batch.ts';
import type { Answer, AnsweredBy, SaleClient } from './sale-client.ts';

/** What a buyer was told in the end. `orderNo`: of a confirmed order, or of one that was decided to be sold out. */
export type Outcome = {
  kind: 'confirmed' | 'refused' | 'limited' | 'error' | 'pending';
  orderNo: string | undefined;
  /** With kind error: the status of the last answer, 0: none came. */
  status: number;
};

export type Click = {
  sid: number;
  token: string;
  /** One intent, however often it is sent. */
  key: string;
  abandonAfterMs: number | undefined;
  /** Called before each order request. */
  onSend(): void;
  /** Called after it; status 0: no answer. */
  onAnswer(status: number, by: AnsweredBy | undefined): void;
  /** Called when the sale was not open yet and the buyer comes again. */
  onAgain(): void;
};

/** Longest time that a buyer keeps asking. */
const PATIENCE_MS = 60_000;
const JITTER_MS = 100;
const REFUSED = new Set<string>(['SOLD_OUT', ...TERMS_REFUSALS] satisfies Decision[]);

/** One click, and whatever a well-behaved client does until it knows the outcome or loses patience. */
export async function buyUnit(client: SaleClient, click: Click): Promise<Outcome> {
  const { sid, token, key, onSend, onAnswer, onAgain } = click;
  const untilMs = performance.now() + PATIENCE_MS;
  let abandonAfterMs = click.abandonAfterMs;
  let attempt = 1;
  for (;;) {
    onSend();
    const answer = await client.send({
      method: 'POST',
      path: `/api/v1/stocks/${sid}/orders`,
      token,
      headers: { 'idempotency-key': `"${key}"`, 'idempotency-attempt': String(attempt) },
      abandonAfterMs,
    });
    onAnswer(answer.status, answer.by);
    abandonAfterMs = undefined;
    const next = readAnswer(answer);
    switch (next.kind) {
      case 'told':
        return next.verdict;
      case 'poll':
        return poll(client, next.path, token, untilMs);
      case 'open_later':
        if (performance.now() + next.opensAtMs - Date.now() > untilMs) return next.verdict;
        await sleep(Math.max(0, next.opensAtMs - Date.now()) + Math.random() * JITTER_MS);
        onAgain();
        break;
      case 'again':
        // What may have been written is asked for as a repeat; what was refused was not written.
        if (attempt > 1 || next.repeat) attempt += 1;
        if (performance.now() + next.afterMs > untilMs) return next.verdict;
        await sleep(next.afterMs + Math.random() * JITTER_MS);
        break;
      default:
        return next satisfies never;
    }
  }
}

type Next =
  | { kind: 'told'; verdict: Outcome }
  | { kind: 'poll'; path: string }
  | { kind: 'open_later'; opensAtMs: number; verdict: Outcome }
  | { kind: 'again'; afterMs: number; repeat: boolean; verdict: Outcome };

/** What an answer to an order means for its buyer. */
export function readAnswer({ status, body, location, retryAfterMs }: Answer): Next {
  const orderNo = typeof body.orderNo === 'string' ? body.orderNo : undefined;
  const told = (kind: Outcome['kind']): Next => ({ kind: 'told', verdict: { kind, orderNo, status } });
  const again = (kind: Outcome['kind'], repeat: boolean): Next => {
    return { kind: 'again', afterMs: retryAfterMs, repeat, verdict: { kind, orderNo: undefined, status } };
  };
  switch (status) {
    case 200:
    case 201:
      return orderNo === undefined ? told('error') : told('confirmed');
    case 202:
      return location?.startsWith('/api/v1/orders/') ? { kind: 'poll', path: location } : told('error');
    case 403: {
      const opensAtMs = body.code === 'not_open' ? Date.parse(String(body.opensAt)) : Number.NaN;
      const verdict: Outcome = { kind: 'refused', orderNo: undefined, status };
      // With a number it is decided: another try would take another key.
      if (orderNo !== undefined) return told('refused');
      return Number.isNaN(opensAtMs) ? { kind: 'told', verdict } : { kind: 'open_later', opensAtMs, verdict };
    }
    case 409:
    case 410:
      return told('refused');
    case 429:
      return again('limited', false);
    case 503:
      return again('error', body.code !== 'busy');
    default:
      return status === 0 || status >= 500 ? again('error', true) : told('error');
  }
}

async function poll(client: SaleClient, path: string, token: string, untilMs: number): Promise<Outcome> {
  const orderNo = path.split('/').at(-1);
  for (;;) {
    const { status, body, retryAfterMs } = await client.send({ method: 'GET', path, token });
    if (status === 200 && body.state !== 'pending') return readDecision(body);
    if (status >= 400 && status < 500 && status !== 429) return { kind: 'error', orderNo, status };
    if (performance.now() + retryAfterMs > untilMs) return { kind: 'pending', orderNo, status };
    await sleep(retryAfterMs + Math.random() * JITTER_MS);
  }
}

/** An order as the API shows it, as a verdict; a duplicate leads to the order that there was. */
export function readDecision({ orderNo, decision, liveOrderNo }: Answer['body']): Outcome {
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  if (decision === 'CONFIRMED') return { kind: 'confirmed', orderNo: text(orderNo), status: 200 };
  if (decision === 'DUPLICATE') return { kind: 'confirmed', orderNo: text(liveOrderNo), status: 200 };
  if (REFUSED.has(String(decision))) return { kind: 'refused', orderNo: text(orderNo), status: 410 };
  return { kind: 'error', orderNo: text(orderNo), status: 200 };
}
