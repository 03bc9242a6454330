import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpClient } from './http-client.ts';

const TRIES = 5;

/**
 * Pays an order at the sandbox gateway, like a buyer's browser. Returns false if that is not possible, such as with another gateway:
 * requests are sent to the client's address only.
 */
export async function payOrder(client: HttpClient, orderNo: string, token: string): Promise<boolean> {
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const started = await client.send({ method: 'POST', path: `/api/v1/orders/${orderNo}/payments`, token });
    if (started.status === 201) {
      const page = new URL(String(started.body.redirectUrl), client.origin);
      const session = page.searchParams.get('session');
      if (page.origin !== client.origin || session === null) return false;
      const { status } = await client.send({ method: 'POST', path: page.pathname, form: { session, action: 'pay' } });
      if (status === 303) return true;
    } else if (started.status >= 400 && started.status < 500 && started.status !== 429) {
      return false;
    }
    await sleep(started.retryAfterMs);
  }
  return false;
}
