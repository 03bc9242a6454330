import { setTimeout as sleep } from 'node:timers/promises';
import type { SaleClient } from './sale-client.ts';

const TRIES = 5;

/**
 * Pays an order at the sandbox gateway, as a buyer's browser would. False: it was not possible, such as with any other
 * gateway: nothing is ever sent to another address than the client's own.
 */
export async function payOrder(client: SaleClient, orderNo: string, token: string): Promise<boolean> {
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
