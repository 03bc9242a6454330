import type { SaleClient } from './buyers/sale-client.ts';

/** As an administrator makes one. Without `opensAtMs` it is open at once. */
export async function createSaleStock(
  client: SaleClient,
  token: string,
  name: string,
  count: number,
  opensAtMs?: number,
): Promise<number> {
  const opensAt = opensAtMs === undefined ? {} : { opensAt: new Date(opensAtMs).toISOString() };
  const json = { name, count, priceCents: 1999, ...opensAt };
  const { status, body } = await client.send({ method: 'POST', path: '/api/v1/admin/stocks', token, json });
  if (status !== 201) throw new Error(`no stock was made: ${status || 'no answer'} ${JSON.stringify(body)}`);
  return Number(body.sid);
}
