import type { HttpClient, JsonObject } from './buyers/http-client.ts';

/** Creates a stock through the API. Without `opensAt` it is open. */
export async function createSaleStock(
  client: HttpClient,
  token: string,
  stock: { name: string; count: number; opensAt?: string } & JsonObject,
): Promise<number> {
  const json = { price: { amount: 1999, currency: 'EUR' }, ...stock };
  const { status, body } = await client.send({ method: 'POST', path: '/api/v1/admin/stocks', token, json });
  if (status !== 201) throw new Error(`stock not created: ${status || 'no response'} ${JSON.stringify(body)}`);
  return Number(body.sid);
}
