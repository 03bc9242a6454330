import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { Database } from '../../../db/mysql/database.ts';
import { decideOrders, type PendingOrder } from '../../../db/orders/decide-orders.ts';
import { mintOrderNumber } from '../../../proto/messages/order-number.ts';
import { signWebhook } from '../../../proto/messages/sign-webhook.ts';
import { realClock } from '../../../proto/process/clock.ts';
import type { Secrets } from '../../local/system/plan-system.ts';
import { signTokens } from '../../verify/sale/buyers/create-tokens.ts';

const BATCH = 500;
const PAY_WITHIN_MS = 3_600_000;

export type ConfirmedOrder = { orderNo: string; buyer: string };
type StartedRow = { paymentId: string; orderNo: string; amountCents: number; currency: string };

/** Inserts orders that await their payment, with the product's own decision. */
export async function confirmOrders(
  database: Database,
  secrets: Secrets,
  sid: number,
  buyers: string[],
): Promise<ConfirmedOrder[]> {
  const orders = buyers.map((buyer) => ({ orderNo: mintOrderNumber(secrets.ORDER_NO_KEY, sid, buyer), buyer }));
  for (let first = 0; first < orders.length; first += BATCH) {
    const batch = orders.slice(first, first + BATCH).map(({ orderNo, buyer }): PendingOrder => {
      return { orderNo, sid, buyer, mintedAtMs: Date.now(), partition: null, offset: null };
    });
    await decideOrders(database, batch, {
      clock: realClock,
      random: Math.random,
      decidedBy: 'direct',
      payWithinMs: PAY_WITHIN_MS,
      beforeTry(tries, lastError) {
        if (tries > 3) throw lastError;
      },
    });
  }
  return orders;
}

/** The requests that start the payments of these orders. */
export async function startRequests(secrets: Secrets, orders: ConfirmedOrder[]): Promise<string[]> {
  const sign = signTokens({ secret: secrets.JWT_SECRET, issuer: 'flash-sale', audience: 'flash-sale' });
  return Promise.all(
    orders.map(async ({ orderNo, buyer }) => {
      const headers = { authorization: `Bearer ${await sign(buyer, 'buyer')}` };
      return postRequest(`/api/v1/orders/${orderNo}/payments`, headers, '');
    }),
  );
}

/** The signed webhooks that pay all started payments. */
export async function webhookRequests(database: Database, secrets: Secrets): Promise<string[]> {
  const started = await database.session((session) =>
    session.rows<StartedRow>(
      `SELECT payment_id AS paymentId, order_no AS orderNo, amount_cents AS amountCents, currency FROM payment
       WHERE state = 'started'`,
    ),
  );
  const timestamp = new Date().toISOString();
  return started.map((data) => {
    const body = JSON.stringify({ type: 'payment.succeeded', timestamp, data });
    const headers = signWebhook(secrets.WEBHOOK_SECRET, `e-${data.paymentId}`, body);
    return postRequest('/api/v1/payments/webhook', headers, body);
  });
}

function postRequest(path: string, headers: Record<string, string>, body: string): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const type = body ? 'Content-Type: application/json\r\n' : '';
  return `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${type}Content-Length: ${body.length}\r\n${lines.join('')}\r\n${body}`;
}

/** Writes requests for prepared.lua. All are ASCII. */
export async function writeRequests(file: string, requests: string[]): Promise<void> {
  const out = createWriteStream(file, { mode: 0o600 });
  for (const request of requests) {
    if (!out.write(`${request.length}\n${request}`)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}
