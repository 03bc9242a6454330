import type { Random } from '../../verify/simulate/world/seeded-random.ts';
import { bearer } from '../clients/create-token.ts';
import type { TestGateway } from '../gateways/start-test-gateway.ts';

/** What a buyer does after the order. */
export const plans = [
  /** Opens the page and pays. */
  'pays',
  /** Opens the page twice, at the same time, and pays on both. */
  'pays on two pages',
  /** Opens the page, cancels the order, and pays all the same. */
  'pays after cancelling',
  /** Opens the page, and pays when the deadline is over. */
  'pays late',
  /** Opens the page only. */
  'opens the page',
  /** Does nothing. */
  'forgets the order',
] as const;
export type Plan = (typeof plans)[number];

export type PayingBuyer = { name: string; plan: Plan; orderNo: string; pages: string[] };

// More than the calls that can fail in a row by chance.
const MAX_TRIES = 25;

export type PayingBuyers = ReturnType<typeof createPayingBuyers>;

/** Buyers who order, and then pay as planned, with the patience to press again. */
export function createPayingBuyers(url: string, gateway: TestGateway, random: Random) {
  async function send(method: string, path: string, name: string, headers: Record<string, string> = {}) {
    const response = await fetch(`${url}${path}`, { method, headers: Object.assign({}, bearer(name), headers) });
    const body = (await response.json()) as Record<string, unknown>;
    return { status: response.status, body };
  }

  async function order(sid: number, name: string): Promise<PayingBuyer> {
    const headers = { 'idempotency-key': `key-of-${name}`, 'idempotency-attempt': '1' };
    const { status, body } = await send('POST', `/api/v1/stocks/${sid}/orders`, name, headers);
    if (status !== 201) throw new Error(`${name}: ${status} ${JSON.stringify(body)}`);
    return { name, plan: random.pick(plans), orderNo: String(body.orderNo), pages: [] };
  }

  /** Presses "Pay" until there is a page. Null: the order cannot be paid any more. */
  async function openPage(buyer: PayingBuyer): Promise<string | null> {
    for (let attempt = 0; attempt < MAX_TRIES; attempt += 1) {
      const { status, body } = await send('POST', `/api/v1/orders/${buyer.orderNo}/payments`, buyer.name);
      if (status === 201) {
        buyer.pages.push(String(body.redirectUrl));
        return String(body.redirectUrl);
      }
      if (status !== 503) return null;
    }
    throw new Error(`${buyer.name} got no page after ${MAX_TRIES} tries`);
  }

  return {
    order,
    async act(buyer: PayingBuyer): Promise<void> {
      switch (buyer.plan) {
        case 'pays':
        case 'pays on two pages': {
          const tabs = buyer.plan === 'pays' ? 1 : 2;
          const pages = await Promise.all(Array.from({ length: tabs }, () => openPage(buyer)));
          for (const page of pages) if (page) gateway.pay(page);
          return;
        }
        case 'pays after cancelling':
          await openPage(buyer);
          await send('POST', `/api/v1/orders/${buyer.orderNo}/cancel`, buyer.name);
          for (const page of buyer.pages) gateway.pay(page);
          return;
        case 'pays late':
        case 'opens the page':
          await openPage(buyer);
          return;
        case 'forgets the order':
          return;
        default:
          return buyer.plan satisfies never;
      }
    },
    /** The deadline is over: some pay now, if their page is still open. */
    actLate(buyer: PayingBuyer): boolean {
      return buyer.plan === 'pays late' && buyer.pages.some((page) => gateway.pay(page));
    },
    readState: async ({ orderNo, name }: PayingBuyer): Promise<string> =>
      String((await send('GET', `/api/v1/orders/${orderNo}`, name)).body.state),
  };
}
